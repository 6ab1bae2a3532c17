"""XML files, read as Gazebo's own parser would and no more trustingly."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from dl_robotics.sim.sdf.element import Element, SdfError, Source

# Gazebo's parser takes command lines in comments and undeclared prefixes (<gz:policies>); its own worlds have both.
_FORGIVEN = (etree.ErrorTypes.ERR_HYPHEN_IN_COMMENT, etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE)


def load(path: Path, includers: tuple[Path, ...] = ()) -> Element:
    """The root element of an XML file.

    :param includers: the files that include it, the outermost first.
    :raises SdfError: if the file cannot be read or is not XML.
    """
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(path.read_bytes(), parser)
        chain = (*includers, path.resolve())
    except OSError as error:
        raise SdfError(f"{path}: cannot be read: {error.strerror}") from error
    except etree.XMLSyntaxError as error:
        raise SdfError(f"{path}:{error.lineno or 1}: is not XML: {error.msg}") from error
    for flaw in parser.error_log:
        if flaw.type not in _FORGIVEN:
            raise SdfError(f"{path}:{flaw.line}: is not XML: {flaw.message.strip()}")
    if root is None:
        raise SdfError(f"{path}:1: is not XML: it is empty")
    element = Element(root, Source(path, chain))
    if root.getroottree().docinfo.internalDTD is not None:  # entities may grow without bound or read other files
        raise element.error("a document type declaration is not supported")
    return element
