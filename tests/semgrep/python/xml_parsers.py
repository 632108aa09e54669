import xml.etree.ElementTree as ET
import xml.sax
import xml.sax.handler

import defusedxml.ElementTree
from flask import Flask, request
from lxml import etree

app = Flask(__name__)


def parsers(reader):
    # ruleid: python-xml-external-entities
    etree.XMLParser(resolve_entities=True)
    # ruleid: python-xml-external-entities
    reader.setFeature(xml.sax.handler.feature_external_ges, True)
    # ok: python-xml-external-entities
    etree.XMLParser(resolve_entities=False)
    # ok: python-xml-external-entities
    reader.setFeature(xml.sax.handler.feature_external_ges, False)


@app.post("/xml")
def posted():
    # ruleid: python-xml-bomb-from-request
    ET.fromstring(request.get_data())
    # ruleid: python-xml-bomb-from-request
    xml.sax.parseString(request.get_data(), Handler())
    # ruleid: python-xml-from-request
    etree.fromstring(request.data)
    # ruleid: python-xml-from-request
    etree.XML(request.get_data())
    # ok: python-xml-from-request, python-xml-bomb-from-request
    ET.fromstring("<a/>")
    # ok: python-xml-from-request, python-xml-bomb-from-request
    defusedxml.ElementTree.fromstring(request.data)
    # ok: python-xml-from-request
    etree.fromstring(request.data, etree.XMLParser(resolve_entities=False))
    return {}


def text(document, stream):
    # ruleid: python-xml-parser-default
    return ET.fromstring(document)


def text2(document):
    # ruleid: python-xml-parser-default
    xml.sax.parseString(document, Handler())
    # ok: python-xml-parser-default
    ET.fromstring("<a/>")
    # ok: python-xml-parser-default
    defusedxml.ElementTree.fromstring(document)
