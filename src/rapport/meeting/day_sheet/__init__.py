"""The day sheet: one sealed file that shows the next days while the server is down."""
