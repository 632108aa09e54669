package org.example.samples;

import java.beans.XMLDecoder;
import java.io.InputStream;
import java.io.ObjectInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.SAXParserFactory;
import org.yaml.snakeyaml.Yaml;

class Data {
    Object read(InputStream stream) throws Exception {
        ObjectInputStream in = new ObjectInputStream(stream);
        // ruleid: java-unsafe-deserialize
        return in.readObject();
    }

    Object decode(InputStream stream) {
        XMLDecoder decoder = new XMLDecoder(stream);
        // ruleid: java-unsafe-deserialize
        return decoder.readObject();
    }

    Object filtered(InputStream stream, ObjectInputFilter filter) throws Exception {
        ObjectInputStream in = new ObjectInputStream(stream);
        in.setObjectInputFilter(filter);
        // ok: java-unsafe-deserialize
        return in.readObject();
    }

    Object yaml(InputStream stream) {
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        // ok: java-unsafe-deserialize
        return yaml.load(stream);
    }

    void dom(InputStream stream) throws Exception {
        // ruleid: java-xml-external-entities
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.newDocumentBuilder().parse(stream);
    }

    void sax(InputStream stream, Handler handler) throws Exception {
        // ruleid: java-xml-external-entities
        SAXParserFactory.newInstance().newSAXParser().parse(stream, handler);
    }

    void closed(InputStream stream) throws Exception {
        // ok: java-xml-external-entities
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        factory.newDocumentBuilder().parse(stream);
    }

    void closedSax(InputStream stream, Handler handler) throws Exception {
        // ok: java-xml-external-entities
        SAXParserFactory factory = SAXParserFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        factory.newSAXParser().parse(stream, handler);
    }
}
