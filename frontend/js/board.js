// The board: an appointment is dragged, or moved by keys, to another time or column; buttons
// answer in place; it looks by itself whether anything changed.
import htmx from "htmx.org";

const EVERY = 45_000;
const STEP = 3; // rows of five minutes
const SLACK = 6; // pixels before a press is a drag
const POLL = { "X-Rapport-Poll": "on" };

export function board(document) {
  const place = document.getElementById("board");
  if (!place) return;
  const menu = document.getElementById("board-more");
  const bar = document.querySelector("[data-moving]");
  const deeds = document.getElementById("board-deeds");
  const here = () => place.querySelector("[data-board]");
  const columns = () => [...place.querySelectorAll(".board__col")].filter((one) => one.checkVisibility());
  const place_of = (card) => Number(/(?:^| )r-(\d+)/.exec(card.className)[1]);
  const length_of = (card) => Number(/(?:^| )s-(\d+)/.exec(card.className)[1]);
  const base = place.dataset.changedUrl.replace(/changed\/$/, "");
  let moving = null; // { card, ghost, column, row, keys }
  let busy = false;
  let last = Promise.resolve();
  const pressed_on = new Set(); // cards of which a press is on its way

  // What goes to the house and comes back, one after the other ----------------------------
  const send = (...given) => {
    const go = () => exchange(...given);
    return (last = last.then(go, go));
  };
  const exchange = async (method, url, values, headers) => {
    busy = true;
    const inside = here();
    const kept = [inside?.scrollLeft ?? 0, inside?.scrollTop ?? 0];
    const at = document.activeElement?.id;
    try {
      await htmx.ajax(method, url, { target: "#board", swap: "innerHTML", values, headers });
    } finally {
      busy = false;
    }
    const fresh = here();
    if (fresh && fresh !== inside) {
      [fresh.scrollLeft, fresh.scrollTop] = kept;
      choose(document.querySelector("[data-board-column]")?.value);
    }
    if (at && !place.contains(document.activeElement)) document.getElementById(at)?.focus();
  };
  place.addEventListener("htmx:responseError", () => failed());
  place.addEventListener("htmx:sendError", () => failed());
  const failed = () => {
    const words = document.createElement("p");
    words.className = "alert alert-error";
    words.textContent = place.dataset.failed;
    document.getElementById("board-said").replaceChildren(words);
    if (moving) put_back();
    setTimeout(look);
  };

  const look = async () => {
    const inside = here();
    if (!inside || busy || moving || document.hidden || menu.matches(":popover-open")) return;
    const { query, seen } = inside.dataset;
    try {
      const url = `${place.dataset.changedUrl}?${query}&seen=${seen}`;
      const answer = await fetch(url, { headers: POLL, redirect: "manual" });
      if (answer.status !== 200 || (await answer.text()) !== "changed") return;
      if (!busy && !moving) await send("GET", `${base}?${query}`, {}, POLL);
    } catch {
      // No network: what stands there stays, and it is asked again.
    }
  };
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);

  // The buttons of a card ----------------------------------------------------------------
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const ours = form === deeds || form.closest("#board-said");
    if (!ours || form.method !== "post") return;
    event.preventDefault();
    const card = form.dataset.card ?? event.submitter?.closest(".card")?.dataset.key ?? menu.dataset.key;
    if (pressed_on.has(card)) return;
    const url = event.submitter?.getAttribute("formaction") ?? form.action;
    const values = Object.fromEntries(new FormData(form, event.submitter));
    menu.hidePopover();
    pressed_on.add(card);
    send("POST", url, values).finally(() => {
      pressed_on.delete(card);
      if (document.activeElement === document.body) document.getElementById(`open-${card}`)?.focus();
    });
  });

  place.addEventListener("click", (event) => {
    const more = event.target.closest("[data-more]");
    if (!more) return;
    event.preventDefault();
    open(more);
  });
  const open = (more) => {
    const card = more.closest(".card");
    const does = card.dataset.does.split(" ");
    const link = card.querySelector(".card__open");
    menu.dataset.key = card.dataset.key;
    menu.querySelector(".name").textContent = card.querySelector(".name").textContent;
    for (const one of menu.querySelectorAll("[data-does]")) one.hidden = !does.includes(one.dataset.does);
    for (const one of menu.querySelectorAll("[data-path]"))
      one.setAttribute("formaction", `${link.getAttribute("href")}${one.dataset.path}?revision=${card.dataset.revision}`);
    menu.querySelector("[data-open-card]").href = link.href;
    menu.showPopover();
    const [box, own] = [more.getBoundingClientRect(), menu.getBoundingClientRect()];
    const { clientWidth, clientHeight } = document.documentElement;
    menu.style.left = `${Math.max(8, Math.min(box.right - own.width, clientWidth - own.width - 8))}px`;
    menu.style.top = `${Math.max(8, Math.min(box.bottom + 4, clientHeight - own.height - 8))}px`;
    menu.querySelector(".btn:not([hidden])")?.focus();
  };
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed" || moving) return;
    if (menu.contains(document.activeElement) || document.activeElement === document.body)
      document.getElementById(`more-${menu.dataset.key}`)?.focus();
  });
  menu.querySelector("[data-begin-move]").addEventListener("click", () => {
    const card = document.getElementById(`card-${menu.dataset.key}`);
    begin(card, true);
    menu.hidePopover();
  });

  // Moving -------------------------------------------------------------------------------
  const begin = (card, keys) => {
    const ghost = card.cloneNode(true);
    ghost.removeAttribute("id");
    ghost.removeAttribute("data-card");
    ghost.setAttribute("aria-hidden", "true");
    for (const one of ghost.querySelectorAll("[id]")) one.removeAttribute("id");
    for (const one of ghost.querySelectorAll("a, button")) one.tabIndex = -1;
    ghost.className = ghost.className.replace(/ at-\d+ of-\d+/, "");
    ghost.classList.add("is-here");
    card.classList.add("is-leaving");
    moving = { card, ghost, keys, column: card.closest(".board__col"), row: place_of(card) };
    bar.querySelector("[data-moving-who]").textContent = card.querySelector(".name").textContent;
    bar.hidden = !keys;
    show();
    if (keys) card.querySelector(".card__open").focus({ preventScroll: true });
  };
  const minute = () => Number(here().dataset.first) + (moving.row - 1) * 5;
  const time = () => here().dataset.times.split("|")[moving.row - 1];
  const words = () => {
    const name = moving.column.querySelector("h2").textContent.trim();
    return bar.dataset.put.replace("{time}", time()).replace("{column}", name);
  };
  const show = () => {
    const { ghost, column, row } = moving;
    ghost.className = ghost.className.replace(/(^| )r-\d+/, ` r-${row}`);
    const list = column.querySelector(".board__in");
    if (ghost.parentElement !== list) list.append(ghost);
    ghost.querySelector(".card__time").textContent = time();
    if (moving.keys) {
      bar.querySelector("[data-moving-at]").textContent = words();
      ghost.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  };
  const to = (column, row) => {
    const rows = Number(here().dataset.tall) * 12;
    const most = rows - length_of(moving.ghost) + 1;
    row = Math.max(1, Math.min(row, most));
    if (column === moving.column && row === moving.row) return;
    Object.assign(moving, { column, row });
    show();
  };
  const end = () => {
    moving.ghost.remove();
    moving.card.classList.remove("is-leaving");
    bar.hidden = true;
    delete here()?.dataset.dragging;
    moving = null;
  };
  const put_back = () => {
    const link = moving.card.querySelector(".card__open");
    const keys = moving.keys;
    end();
    if (keys) {
      link.focus();
      const said = document.createElement("p");
      said.className = "sr-only";
      said.textContent = bar.dataset.back;
      document.getElementById("board-said").replaceChildren(said);
    }
  };
  const put = async () => {
    const { card, column, row } = moving;
    const stays = column === card.closest(".board__col") && row === place_of(card);
    if (stays) return put_back();
    const values = {
      revision: card.dataset.revision,
      minute: minute(),
      board: deeds.elements.board.value,
      [here().dataset.by]: column === card.closest(".board__col") ? "" : column.dataset.column,
    };
    bar.hidden = true;
    const { card: id, key } = card.dataset;
    await send("POST", `${base}${id}/move/`, values);
    if (moving) end();
    document.getElementById(`open-${key}`)?.focus();
  };

  const KEYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const shift = (aside, down, fine) => {
    const all = columns();
    const turned = getComputedStyle(place).direction === "rtl" ? -aside : aside;
    const next = all[all.indexOf(moving.column) + turned] ?? moving.column;
    to(next, moving.row + down * (fine ? 1 : STEP));
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || busy) return;
    if (!moving) {
      const link = event.target.closest?.(".card__open");
      const card = link?.closest('.card[data-does~="move"]');
      if (!card || event.key.toLowerCase() !== "m" || !place.contains(card)) return;
      event.preventDefault();
      return begin(card, true);
    }
    if (event.key === "Escape") {
      event.preventDefault();
      return put_back();
    }
    if (!moving.keys) return;
    const step = KEYS[event.key];
    if (step) {
      event.preventDefault();
      shift(step[0], step[1], event.shiftKey);
    } else if (event.key === "Enter" && !event.target.closest("button")) {
      event.preventDefault();
      put();
    } else if (event.key === "Tab" && !bar.contains(event.target)) {
      event.preventDefault();
      bar.querySelector("[data-put-here]").focus();
    }
  });
  bar.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!moving || !button) return;
    const aside = { left: -1, right: 1 }[button.dataset.step] ?? 0;
    const down = { up: -1, down: 1 }[button.dataset.step] ?? 0;
    if (button.dataset.step) {
      const turned = getComputedStyle(place).direction === "rtl" ? -1 : 1;
      shift(aside * turned, down, false);
    }
    if (button.matches("[data-put-here]")) put();
    if (button.matches("[data-put-back]")) put_back();
  });

  // By pointer: a press that travels is a drag. A finger scrolls; it moves by the menu.
  let pressed = null;
  place.addEventListener("dragstart", (event) => event.preventDefault());
  place.addEventListener("pointerdown", (event) => {
    const card = event.target.closest('.card[data-does~="move"]');
    if (!card || busy || moving || event.button || event.pointerType === "touch") return;
    if (event.target.closest(".card__act")) return;
    const top = card.getBoundingClientRect().top;
    pressed = { card, x: event.clientX, y: event.clientY, grip: event.clientY - top };
  });
  document.addEventListener("pointermove", (event) => {
    if (!pressed) return;
    const far = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y);
    if (!moving) {
      if (far < SLACK) return;
      begin(pressed.card, false);
      here().dataset.dragging = "";
    }
    const pane = here().getBoundingClientRect();
    if (event.clientX > pane.right - 30) here().scrollLeft += 20;
    if (event.clientX < pane.left + 60) here().scrollLeft -= 20;
    if (event.clientY > pane.bottom - 30) here().scrollTop += 20;
    if (event.clientY < pane.top + 60) here().scrollTop -= 20;
    const inside = ({ left, right }) => left <= event.clientX && event.clientX < right;
    const column = columns().find((one) => inside(one.getBoundingClientRect())) ?? moving.column;
    const list = column.querySelector(".board__in").getBoundingClientRect();
    const step = list.height / (Number(here().dataset.tall) * 12);
    const fine = event.shiftKey ? 1 : STEP;
    const row = Math.round((event.clientY - pressed.grip - list.top) / step / fine) * fine + 1;
    to(column, row);
  });
  document.addEventListener("pointerup", () => {
    const was = pressed;
    pressed = null;
    if (!was || !moving || moving.keys) return;
    // The click that follows would open the appointment.
    const still = (event) => event.preventDefault();
    document.addEventListener("click", still, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", still, { capture: true }), 0);
    put();
  });
  document.addEventListener("pointercancel", () => {
    pressed = null;
    if (moving && !moving.keys) put_back();
  });

  // A phone shows one column; the chooser changes it at once -----------------------------
  const choose = (key) => {
    if (!key) return;
    for (const one of place.querySelectorAll(".board__col")) one.classList.toggle("is-chosen", one.dataset.column === key);
  };
  document.querySelector("[data-board-column]")?.addEventListener("change", ({ target }) => choose(target.value));

  // The line that says now, and where the day begins to matter ---------------------------
  const [now, pane, began] = [place.querySelector(".board__now"), here(), Date.now()];
  const start = now && Number(pane.dataset.first) + place_of(now) * 5;
  const tick = () => {
    const minute = start + (Date.now() - began) / 60_000;
    const row = Math.floor((minute - Number(here()?.dataset.first)) / 5);
    for (const one of place.querySelectorAll(".board__now")) one.className = one.className.replace(/r-\d+/, `r-${row}`);
  };
  if (now) setInterval(tick, 60_000);
  if (now && pane && pane.scrollHeight > pane.clientHeight)
    pane.scrollTop = now.offsetTop - pane.clientHeight / 3;
}
