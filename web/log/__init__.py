"""Stub."""
from flask import Blueprint
blueprint = Blueprint("log", __name__)
