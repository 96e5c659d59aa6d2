"""Stub."""
from flask import Blueprint

blueprint = Blueprint("actor", __name__)
