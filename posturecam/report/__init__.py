"""Reports: one typed report (:mod:`~posturecam.report.types`), built once and written as JSON, HTML, CSV, Markdown and PDF."""
