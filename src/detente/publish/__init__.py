"""The last stage: from records to a cited brief and to files that other programs read.

`compose_brief` is pure; `render_html`, `render_markdown` and `render_json` turn what it gives into
text, and `export_reports` / `export_events` stream records to a file.
"""

from detente.publish.compose import BriefView, Findings, compose_brief
from detente.publish.entries import joint_chance
from detente.publish.export import FORMATS, export_events, export_reports
from detente.publish.html import render_html
from detente.publish.likelihood import ICD_203, Likelihood, likelihood_words
from detente.publish.plain import render_json, render_markdown

__all__ = [
    "FORMATS",
    "ICD_203",
    "BriefView",
    "Findings",
    "Likelihood",
    "compose_brief",
    "export_events",
    "export_reports",
    "joint_chance",
    "likelihood_words",
    "render_html",
    "render_json",
    "render_markdown",
]
