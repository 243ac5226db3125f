"""When and where: appointments, and the times they occupy."""
