"""Scheduling: what routes call. Each verb has a module of its own."""

from noillusion.scheduling.changing import change, delete, pause, publish_now, resume
from noillusion.scheduling.creating import create
from noillusion.scheduling.links import publish as publish_by_link
from noillusion.scheduling.listing import get, listing, tag
from noillusion.scheduling.options import options

__all__ = ["change", "create", "delete", "get", "listing", "options", "pause", "publish_by_link", "publish_now", "resume", "tag"]
