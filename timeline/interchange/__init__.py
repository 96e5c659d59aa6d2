"""Import from files, and export to them."""

from timeline.interchange.exporting.export import export
from timeline.interchange.formats.contracts import ExportOptions
from timeline.interchange.importing.files import ImportOptions, import_files
from timeline.interchange.importing.summary import Rejection, Summary
from timeline.interchange.maps.map_file import read_map

__all__ = [
    "ExportOptions",
    "ImportOptions",
    "Rejection",
    "Summary",
    "export",
    "import_files",
    "read_map",
]
