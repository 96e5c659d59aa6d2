"""A chart as a file that stands by itself, as SVG and as PNG: for print and for social cards."""
