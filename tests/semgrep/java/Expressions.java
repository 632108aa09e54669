package org.example.samples;

import com.mongodb.BasicDBObject;
import com.mongodb.client.model.Filters;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Map;
import java.util.regex.Pattern;
import javax.naming.InitialContext;
import javax.naming.directory.DirContext;
import javax.script.ScriptEngine;
import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.xml.xpath.XPath;
import org.apache.ibatis.annotations.Select;
import org.apache.velocity.app.Velocity;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.thymeleaf.TemplateEngine;

class Expressions {
    private TemplateEngine templates;
    private DirContext directory;
    private XPath xpath;
    private ScriptEngine engine;
    private SpelExpressionParser parser;

    @GetMapping("/hello")
    @ResponseBody
    String hello(@RequestParam String name) {
        // ruleid: java-html-returned
        return "<h1>Hello " + name + "</h1>";
    }

    @GetMapping("/echo")
    @ResponseBody
    String echo(String text) {
        // ruleid: java-html-returned
        return text;
    }

    @GetMapping("/escaped")
    @ResponseBody
    String escaped(@RequestParam String name) {
        // ok: java-html-returned
        return "<h1>Hello " + HtmlUtils.htmlEscape(name) + "</h1>";
    }

    @GetMapping(path = "/json", produces = "application/json")
    @ResponseBody
    String json(@RequestParam String name) {
        // ok: java-html-returned
        return "{\"name\": " + name + "}";
    }

    void headers(HttpServletRequest request, HttpServletResponse response) {
        String name = request.getParameter("name");
        // ruleid: java-header-from-request
        response.setHeader("X-Name", name);
        // ruleid: java-header-from-request
        Cookie cookie = new Cookie("name", name);
        // ok: java-header-from-request
        response.setHeader("X-Name", name.replaceAll("[\r\n]", ""));
        // ok: java-header-from-request
        response.setHeader("X-Trace", request.getHeader("X-Trace"));
    }

    void templates(HttpServletRequest request, StringWriter out, Object context) throws Exception {
        String text = request.getParameter("text");
        // ruleid: java-template-from-request
        Velocity.evaluate(context, out, "page", text);
        // ruleid: java-template-from-request
        new Template("page", new StringReader(text), configuration);
        // ok: java-template-from-request
        Velocity.evaluate(context, out, "page", "Hello $name");
        // ok: java-template-from-request
        templates.process("page", model.with("text", 1));
    }

    void documents(HttpServletRequest request) {
        String name = request.getParameter("name");
        // ruleid: java-nosql-from-request
        users.find(BasicDBObject.parse("{name: '" + name + "'}"));
        // ruleid: java-nosql-from-request
        users.find(new BasicDBObject("$where", "this.name == '" + name + "'"));
        // ok: java-nosql-from-request
        users.find(Filters.eq("name", name));
        // ok: java-nosql-from-request
        users.find(BasicDBObject.parse("{name: 'root'}"));
    }

    void classes(HttpServletRequest request) throws Exception {
        String name = request.getParameter("name");
        // ruleid: java-class-from-request
        Class.forName("org.example.handlers." + name);
        // ruleid: java-class-from-request
        new InitialContext().lookup(name);
        // ok: java-class-from-request
        Class.forName("org.example.handlers.Start");
        // ok: java-class-from-request
        HANDLERS.get(name);
    }

    boolean patterns(HttpServletRequest request, String title) {
        String text = request.getParameter("text");
        // ruleid: java-regex-from-request
        Pattern pattern = Pattern.compile(text);
        // ok: java-regex-from-request
        Pattern quoted = Pattern.compile(Pattern.quote(text));
        // ok: java-regex-from-request
        boolean same = text.matches("[a-z]+");
        // ruleid: java-regex-from-request
        return title.matches(".*" + text + ".*");
    }

    void commands(String branch, int depth) throws Exception {
        // ruleid: java-command-built
        Runtime.getRuntime().exec("git checkout " + branch);
        // ruleid: java-command-built
        new ProcessBuilder("sh", "-c", "git log " + branch).start();
        // ok: java-command-built
        new ProcessBuilder("git", "checkout", "--", branch).start();
        // ok: java-command-built
        Runtime.getRuntime().exec("git log -n " + depth);
    }

    Object expressions(String rule, int factor) throws Exception {
        // ruleid: java-expression-of-caller
        engine.eval(rule);
        // ruleid: java-expression-of-caller
        Object value = parser.parseExpression(rule).getValue();
        // ok: java-expression-of-caller
        engine.eval("2 * 3");
        // ok: java-expression-of-caller
        return parser.parseExpression("price * 2").getValue();
    }

    void filters(String user, int number) throws Exception {
        // ruleid: java-filter-built
        directory.search("ou=people", "(uid=" + user + ")", controls);
        // ruleid: java-filter-built
        xpath.evaluate("//user[@name='" + user + "']", document);
        // ok: java-filter-built
        directory.search("ou=people", "(uid={0})", new Object[] {user}, controls);
        // ok: java-filter-built
        xpath.evaluate("//user[" + number + "]", document);
    }

    interface Mapper {
        // ruleid: java-sql-interpolated-mapper
        @Select("SELECT * FROM users WHERE name = '${name}'")
        User byName(String name);

        // ruleid: java-sql-interpolated-mapper
        @Select({"SELECT * FROM users ", "ORDER BY ${column}"})
        List<User> sorted(String column);

        // ok: java-sql-interpolated-mapper
        @Select("SELECT * FROM users WHERE name = #{name}")
        User bound(String name);

        // ok: java-sql-interpolated-mapper
        @Value("${users.table}")
        String table();
    }
}

@RestController
class Greetings {
    @GetMapping("/greet")
    public String greet(@RequestParam String name) {
        // ruleid: java-html-returned
        return "<h1>" + name + "</h1>";
    }
}
