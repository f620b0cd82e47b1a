"""How Sphinx makes a site of these pages: `make docs`."""

from __future__ import annotations

from trusted_cloud_chat import __version__

project = "Trusted Cloud Chat"
author = "The Trusted Cloud Chat contributors"
copyright = author  # noqa: A001  (the name that Sphinx reads)
version = release = __version__

extensions = ["myst_parser"]
source_suffix = [".md"]
exclude_patterns = ["build"]
# A link to a heading, as the pages have them everywhere.
myst_heading_anchors = 4
# Pages also link to files of the repository, which are no pages: those are offered as files.
html_theme = "furo"
html_title = f"{project} {version}"
html_favicon = "../src/trusted_cloud_chat/web/icon.svg"
html_show_sourcelink = False
html_copy_source = False
