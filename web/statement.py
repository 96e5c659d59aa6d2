"""Stub."""
from flask import Blueprint

blueprint = Blueprint("statement", __name__)
