"""How the record comes in from files and goes out again."""

from timeline.interchange.contracts import ExportOptions
from timeline.interchange.exporting import export
from timeline.interchange.importing import ImportOptions, ImportProgress, import_files
from timeline.interchange.maps import read_map
from timeline.interchange.summary import Rejection, Summary

__all__ = [
    "ExportOptions",
    "ImportOptions",
    "ImportProgress",
    "Rejection",
    "Summary",
    "export",
    "import_files",
    "read_map",
]
