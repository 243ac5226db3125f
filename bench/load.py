"""A cheap browser: keeps its connection, asks again and again, notes how long it took."""

import http.client
import json
import sys
import threading
from time import perf_counter
from typing import Any


def ask(
    port: int, path: str, headers: dict[str, str], times: int, took: list[float], wrong: set[int]
) -> None:
    """Ask ``times`` times on one connection; stop at an answer that is not 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for _ in range(times):
        began = perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        took.append(perf_counter() - began)
        if answer.status != 200:
            wrong.add(answer.status)
            break
    connection.close()


def measure(
    port: int, path: str, headers: dict[str, str], times: int, browsers: int
) -> dict[str, Any]:
    """Requests a second, and the time of each answer in seconds.

    Raises:
        SystemExit: a page was not answered, or not with 200.
    """
    took: list[float] = []
    wrong: set[int] = set()
    share = (port, path, headers, times // browsers, took, wrong)
    threads = [threading.Thread(target=ask, args=share) for _ in range(browsers)]
    began = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wanted = times // browsers * browsers
    if wrong or len(took) != wanted:
        codes = ", ".join(map(str, sorted(wrong))) or "nothing"
        raise SystemExit(f"A page answered {codes} after {len(took)} of {wanted} times.")
    return {"rate": wanted / (perf_counter() - began), "took": took}


if __name__ == "__main__":
    print(json.dumps(measure(**json.loads(sys.argv[1]))))
