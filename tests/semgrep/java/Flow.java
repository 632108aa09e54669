package org.example.samples;

import java.io.File;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.servlet.http.HttpServletRequest;

/** What the source itself decides cannot be decided by a request. */
class Flow {
    private Statement statement;
    private Connection connection;

    void conditions(HttpServletRequest request) {
        String name = request.getParameter("name");
        int limit = 40;
        String kept = limit * 3 > 100 ? name : "fixed";
        // ruleid: java-path-from-request
        new File(kept);
        String dropped = limit * 3 < 100 ? name : "fixed";
        // ok: java-path-from-request
        new File(dropped);
        String chosen;
        if (limit / 7 == 5) {
            chosen = "fixed";
        } else {
            chosen = name;
        }
        // ok: java-path-from-request
        new File(chosen);
        String other;
        if (limit / 7 == 4) {
            other = "fixed";
        } else {
            other = name;
        }
        // ruleid: java-path-from-request
        new File(other);
    }

    void map(HttpServletRequest request) {
        Map<String, String> settings = new HashMap<>();
        settings.put("base", "/srv");
        settings.put("name", request.getParameter("name"));
        // ok: java-path-from-request
        new File(settings.get("base"));
        // ruleid: java-path-from-request
        new File(settings.get("name"));
        settings.put("base", request.getParameter("base"));
        // ruleid: java-path-from-request
        new File(settings.get("base"));
    }

    void list(HttpServletRequest request) {
        List<String> parts = new ArrayList<>();
        parts.add("/srv");
        parts.add(request.getParameter("name"));
        // ok: java-path-from-request
        new File(parts.get(0));
        // ruleid: java-path-from-request
        new File(parts.get(1));
        List<String> rest = new ArrayList<>();
        rest.add("first");
        rest.add(request.getParameter("name"));
        rest.add("/srv");
        rest.remove(0);
        // ruleid: java-path-from-request
        new File(rest.get(0));
        // ok: java-path-from-request
        new File(rest.get(1));
    }

    void helpers(HttpServletRequest request) {
        String name = request.getParameter("name");
        // ok: java-path-from-request
        new File(never(name));
        // ruleid: java-path-from-request
        new File(always(name));
        // ok: java-path-from-request
        new File(looked(name));
    }

    private String never(String name) {
        int size = 12;
        String result = size > 20 ? name : "fixed";
        return result;
    }

    private String always(String name) {
        int size = 12;
        String result = size < 20 ? name : "fixed";
        return result;
    }

    private String looked(String name) {
        Map<String, String> settings = new HashMap<>();
        settings.put("base", "/srv");
        settings.put("name", name);
        String result = settings.get("base");
        return result;
    }

    void wrapper(HttpServletRequest request) {
        Form form = new Form(request);
        // ruleid: java-path-from-request
        new File(form.getStringParameter("name"));
        // ok: java-path-from-request
        new File(form.getTitle());
    }

    // A repository class: nobody sees the request, and the caller may be anyone.
    void repository(String owner, long id, List<String> columns) throws Exception {
        // ruleid: java-sql-built-statement
        statement.executeQuery("SELECT * FROM files WHERE owner = '" + owner + "'");
        String sql = "SELECT " + String.join(", ", columns);
        sql += " FROM files";
        // ruleid: java-sql-built-statement
        connection.prepareStatement(sql);
        // ok: java-sql-built-statement
        statement.executeQuery("SELECT * FROM files WHERE id = " + id);
        StringBuilder text = new StringBuilder("SELECT * FROM files WHERE owner = '");
        text.append(owner).append("'");
        // ruleid: java-sql-built-statement
        statement.executeQuery(text.toString());
    }

    void handedOn(String sql) throws Exception {
        // ok: java-sql-built-statement
        statement.executeQuery(sql);
    }
}
