package org.example.samples;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileWriter;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.net.Socket;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.stream.XMLInputFactory;
import org.apache.commons.beanutils.BeanUtils;
import org.apache.commons.net.ftp.FTPClient;
import org.springframework.http.ResponseEntity;

class Servers {
    void objects(HttpServletRequest request, Socket socket, InputStream own) throws Exception {
        ObjectInputStream in = new ObjectInputStream(request.getInputStream());
        // ruleid: java-deserialize-from-request, java-unsafe-deserialize
        in.readObject();
        ObjectInputStream peer = new ObjectInputStream(socket.getInputStream());
        // ruleid: java-deserialize-from-request, java-unsafe-deserialize
        peer.readObject();
        ObjectInputStream cached = new ObjectInputStream(own);
        // ok: java-deserialize-from-request
        // ruleid: java-unsafe-deserialize
        cached.readObject();
        ObjectInputStream allowed = new ObjectInputStream(request.getInputStream());
        allowed.setObjectInputFilter(filter);
        // ok: java-deserialize-from-request, java-unsafe-deserialize
        allowed.readObject();
    }

    void json(ObjectMapper mapper, PolymorphicTypeValidator validator) {
        // ruleid: java-polymorphic-json
        mapper.enableDefaultTyping();
        // ruleid: java-polymorphic-json
        mapper.activateDefaultTyping(LaissezFaireSubTypeValidator.instance, ObjectMapper.DefaultTyping.NON_FINAL);
        // ok: java-polymorphic-json
        mapper.activateDefaultTyping(validator, ObjectMapper.DefaultTyping.NON_FINAL);
        // ok: java-polymorphic-json
        mapper.disableDefaultTyping();
    }

    void documents(DocumentBuilderFactory factory, XMLInputFactory streams) throws Exception {
        // ruleid: java-xml-entities-allowed
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", false);
        // ruleid: java-xml-entities-allowed
        streams.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, true);
        // ok: java-xml-entities-allowed
        streams.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    }

    void closed(DocumentBuilderFactory factory) throws Exception {
        // ok: java-xml-entities-allowed
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    }

    void sessions(HttpSecurity http, SessionManagementConfigurer sessions) throws Exception {
        // ruleid: java-session-fixation
        http.sessionManagement().sessionFixation().none();
        // ruleid: java-session-fixation
        sessions.sessionFixation(fixation -> fixation.none());
        // ok: java-session-fixation
        http.sessionManagement().sessionFixation().migrateSession();
        // ok: java-session-fixation
        sessions.sessionFixation(fixation -> fixation.changeSessionId());
    }

    void origins(HttpServletResponse response, CorsRegistry registry) {
        // ruleid: java-cors-any-origin
        response.setHeader("Access-Control-Allow-Origin", "*");
        // ruleid: java-cors-any-origin
        registry.addMapping("/api/**").allowedOrigins("*");
        // ok: java-cors-any-origin
        response.setHeader("Access-Control-Allow-Origin", "https://app.example.org");
        // ok: java-cors-any-origin
        registry.addMapping("/api/**").allowedOrigins("https://app.example.org");
    }

    void errors(HttpServletResponse response) throws Exception {
        try {
            work();
        } catch (IOException e) {
            // ruleid: java-error-detail-to-client
            e.printStackTrace(response.getWriter());
            // ruleid: java-error-detail-to-client
            response.sendError(500, e.getMessage());
            // ok: java-error-detail-to-client
            response.sendError(500, "failed");
            // ok: java-error-detail-to-client
            log.error("failed", e);
        }
    }

    void modes(File file, Set<PosixFilePermission> modes) throws Exception {
        // ruleid: java-file-for-everyone
        file.setWritable(true, false);
        // ruleid: java-file-for-everyone
        Files.setPosixFilePermissions(file.toPath(), PosixFilePermissions.fromString("rw-rw-rw-"));
        // ruleid: java-file-for-everyone
        modes.add(PosixFilePermission.OTHERS_WRITE);
        // ok: java-file-for-everyone
        file.setWritable(true, true);
        // ok: java-file-for-everyone
        Files.setPosixFilePermissions(file.toPath(), PosixFilePermissions.fromString("rw-r-----"));
    }

    void temporary(String name) throws Exception {
        // ruleid: java-temp-file-guessable
        new FileWriter("/tmp/report.csv");
        // ruleid: java-temp-file-guessable
        new File(System.getProperty("java.io.tmpdir"), "report.csv");
        // ok: java-temp-file-guessable
        Files.createTempFile("report", ".csv");
        // ok: java-temp-file-guessable
        new FileWriter("report.csv");
    }

    void beans(HttpServletRequest request, User user) throws Exception {
        // ruleid: java-mass-assignment
        BeanUtils.populate(user, request.getParameterMap());
        Map<String, String[]> fields = request.getParameterMap();
        // ruleid: java-mass-assignment
        BeanUtils.populate(user, fields);
        // ok: java-mass-assignment
        BeanUtils.copyProperties(user, form);
        // ok: java-mass-assignment
        BeanUtils.populate(user, Map.of("name", 1));
    }

    void transport() throws Exception {
        // ruleid: java-cleartext-transport
        FTPClient ftp = new FTPClient();
        // ruleid: java-cleartext-transport
        new URL("http://api.example.org/v1").openConnection();
        // ok: java-cleartext-transport
        new URL("https://api.example.org/v1").openConnection();
        // ok: java-cleartext-transport
        new URL("http://localhost:8080/health").openConnection();
    }

    void placed(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // ok: java-url-from-request
        new URL("https://api.example.org/users/" + name);
        // ok: java-redirect-from-request
        response.sendRedirect("/users?name=" + name);
        // ruleid: java-redirect-from-request
        response.sendRedirect("https://" + name);
    }

    void unpack(ZipInputStream archive, File base) throws Exception {
        ZipEntry entry = archive.getNextEntry();
        // ruleid: java-zip-entry-path
        File target = new File(base, entry.getName());
        // ruleid: java-zip-entry-path
        new FileOutputStream("/srv/" + entry.getName());
        // ok: java-zip-entry-path
        new File(base, new File(entry.getName()).getName());
    }

    void unpackBelow(ZipInputStream archive, Path base) throws Exception {
        ZipEntry entry = archive.getNextEntry();
        // ok: java-zip-entry-path
        Path target = base.resolve(entry.getName()).normalize();
        if (!target.startsWith(base)) {
            throw new IOException("outside");
        }
    }
}
