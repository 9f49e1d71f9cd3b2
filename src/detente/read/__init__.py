"""From pages to documents: decode, clean, split, name, date, and find copies.

page_text   bytes -> the page's own text, to which every offset leads back
read_page   that text -> the documents found on it, and what the rest was
find_copies documents -> those that are copies, each pointing to its original
"""

from detente.read.copies import changed_copies, copy_keys, find_copies
from detente.read.formats import PageText, page_text
from detente.read.pages import ReadOptions, ReadPage, read_page

__all__ = [
    "PageText",
    "ReadOptions",
    "ReadPage",
    "changed_copies",
    "copy_keys",
    "find_copies",
    "page_text",
    "read_page",
]
