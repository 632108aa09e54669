package org.example.samples;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import javax.naming.directory.DirContext;
import javax.naming.directory.SearchControls;
import javax.script.ScriptEngine;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.xml.xpath.XPath;
import org.slf4j.Logger;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.RequestParam;

class Injection {
    private Connection connection;
    private JdbcTemplate jdbcTemplate;
    private DirContext directory;
    private XPath xpath;
    private ScriptEngine engine;
    private Logger logger;

    void sql(HttpServletRequest request) throws Exception {
        String name = request.getParameter("name");
        Statement statement = connection.createStatement();
        // ruleid: java-sql-from-request
        statement.executeQuery("SELECT * FROM users WHERE name = '" + name + "'");
        String id = request.getParameter("id");
        // ruleid: java-sql-from-request
        statement.executeUpdate("DELETE FROM users WHERE id = " + id);
        int number = Integer.parseInt(request.getParameter("number"));
        String sql = "SELECT * FROM users WHERE number = ?";
        // ok: java-sql-from-request, java-sql-built-statement
        PreparedStatement prepared = connection.prepareStatement(sql);
        prepared.setInt(1, number);
    }

    // Spring
    List<String> spring(@RequestParam("order") String order, @RequestParam String name) {
        // ruleid: java-sql-from-request, java-sql-built-statement
        jdbcTemplate.queryForList("SELECT name FROM users ORDER BY " + order);
        // ok: java-sql-from-request, java-sql-built-statement
        return jdbcTemplate.queryForList("SELECT name FROM users WHERE name = ?", String.class, name);
    }

    void command(HttpServletRequest request) throws Exception {
        String host = request.getParameter("host");
        // ruleid: java-command-from-request
        Runtime.getRuntime().exec("ping -c 1 " + host);
        // ruleid: java-command-from-request
        new ProcessBuilder("sh", "-c", host).start();
        // ok: java-command-from-request
        Runtime.getRuntime().exec("uptime");
        int count = Integer.parseInt(request.getParameter("count"));
        // ok: java-command-from-request
        Runtime.getRuntime().exec("ping -c " + count + " example.org");
    }

    void ldap(HttpServletRequest request, SearchControls controls) throws Exception {
        String user = request.getParameter("user");
        // ruleid: java-ldap-from-request
        directory.search("ou=people", "(uid=" + user + ")", controls);
        String filter = "(mail=" + request.getHeader("X-Mail") + ")";
        // ruleid: java-ldap-from-request
        directory.search("ou=people", filter, controls);
        // ok: java-ldap-from-request
        directory.search("ou=people", "(uid={0})", new Object[] {user}, controls);
        // ok: java-ldap-from-request
        directory.search("ou=people", "(uid=*)", controls);
    }

    void xpath(HttpServletRequest request, Object document) throws Exception {
        String user = request.getParameter("user");
        // ruleid: java-xpath-from-request
        xpath.evaluate("//user[@name='" + user + "']", document);
        // ruleid: java-xpath-from-request
        xpath.compile("/users/" + user);
        // ok: java-xpath-from-request
        xpath.evaluate("//user[@name=$name]", document);
        // ok: java-xpath-from-request
        xpath.compile("/users/user[" + Integer.parseInt(user) + "]");
    }

    void page(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // ruleid: java-html-from-request
        response.getWriter().println("<p>Hello " + name);
        PrintWriter writer = response.getWriter();
        // ruleid: java-html-from-request
        writer.print(name);
        // ok: java-html-from-request
        writer.print(HtmlUtils.htmlEscape(name));
        // ok: java-html-from-request
        response.getWriter().println("<p>Hello");
    }

    void code(HttpServletRequest request) throws Exception {
        String rule = request.getParameter("rule");
        // ruleid: java-code-from-request
        engine.eval(rule);
        // ruleid: java-code-from-request
        MVEL.eval("x + " + rule, this);
        // ok: java-code-from-request
        engine.eval("1 + 1");
        // ok: java-code-from-request
        MVEL.eval("x + 1", this);
    }

    void log(HttpServletRequest request) {
        String name = request.getParameter("name");
        // ruleid: java-log-from-request
        logger.info("login of " + name);
        // ruleid: java-log-from-request
        logger.warn("refused {}", name);
        // ok: java-log-from-request
        logger.info("login of " + name.replaceAll("[\r\n]", "_"));
        // ok: java-log-from-request
        logger.info("login");
    }
}
