"""Folders of labelled images, as other people keep them."""
