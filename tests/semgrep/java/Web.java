package org.example.samples;

import java.io.File;
import java.io.FileInputStream;
import java.net.URL;
import java.util.Map;
import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpSession;

class Web {
    static final Map<String, String> PAGES = Map.of("start", "/");

    void path(HttpServletRequest request) throws Exception {
        String name = request.getParameter("name");
        // ruleid: java-path-from-request
        File file = new File("/srv/files", name);
        // ruleid: java-path-from-request
        new FileInputStream("/srv/files/" + name);
        // ok: java-path-from-request
        new FileInputStream("/srv/files/" + FilenameUtils.getName(name));
        // ok: java-path-from-request
        new File("/srv/files", "index.html");
    }

    void redirect(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String next = request.getParameter("next");
        // ruleid: java-redirect-from-request
        response.sendRedirect(next);
        // ruleid: java-redirect-from-request
        response.setHeader("Location", next);
        // ok: java-redirect-from-request
        response.sendRedirect("/start");
        // ok: java-redirect-from-request
        response.setHeader("Location", "/page/" + Integer.parseInt(next));
    }

    void fetch(HttpServletRequest request) throws Exception {
        String address = request.getParameter("address");
        // ruleid: java-url-from-request
        new URL(address).openStream();
        // ruleid: java-url-from-request
        new HttpGet("http://" + address);
        // ok: java-url-from-request
        new URL("https://example.org/" + Integer.parseInt(address)).openStream();
        // ok: java-url-from-request
        new HttpGet("https://example.org/");
    }

    void session(HttpServletRequest request, HttpSession session) {
        String role = request.getParameter("role");
        // ruleid: java-session-from-request
        session.setAttribute("role", role);
        // ruleid: java-session-from-request
        request.getSession().setAttribute(role, "10340");
        // ok: java-session-from-request
        session.setAttribute("role", "guest");
        // ok: java-session-from-request
        request.setAttribute("role", role);
    }

    void cookies(HttpServletResponse response, String value) {
        Cookie first = new Cookie("first", value);
        // ruleid: java-cookie-insecure
        first.setSecure(false);
        // ruleid: java-cookie-insecure
        first.setHttpOnly(false);
        // ok: java-cookie-insecure
        first.setSecure(true);
        // ok: java-cookie-insecure
        first.setHttpOnly(true);
    }

    void plainCookie(HttpServletResponse response, Cookie sessionCookie, Cookie color) {
        // ruleid: java-cookie-without-secure
        response.addCookie(sessionCookie);
        // ok: java-cookie-without-secure
        response.addCookie(color);
    }

    void login(HttpServletResponse response, Cookie loginCookie) {
        // ruleid: java-cookie-without-secure
        response.addCookie(loginCookie);
    }

    void secureCookie(HttpServletResponse response, Cookie authCookie) {
        authCookie.setSecure(true);
        authCookie.setHttpOnly(true);
        // ok: java-cookie-without-secure
        response.addCookie(authCookie);
    }

    void csrf(HttpSecurity http) throws Exception {
        // ruleid: java-csrf-protection-off
        http.csrf().disable();
        // ruleid: java-csrf-protection-off
        http.csrf(c -> c.disable());
        // ok: java-csrf-protection-off
        http.csrf(Customizer.withDefaults());
        // ok: java-csrf-protection-off
        http.cors().disable();
    }
}
