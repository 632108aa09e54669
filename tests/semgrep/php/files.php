<?php

use Illuminate\Support\Facades\Http;

function page()
{
    $page = $_GET['page'];
    // ruleid: php-include-from-request
    include $page . '.php';
    // ruleid: php-include-from-request
    require_once("pages/$page");
    $pages = ['home' => 'home.php', 'about' => 'about.php'];
    // ok: php-include-from-request
    include 'pages/home.php';
    if (array_key_exists($page, $pages)) {
        // ok: php-include-from-request
        include "pages/$page.php";
    }
}

function download()
{
    $file = '/srv/files/' . $_GET['file'];
    // ruleid: php-path-from-request
    readfile($file);
    // ruleid: php-path-from-request
    unlink($_POST['path']);
    // ruleid: php-path-from-request
    $text = file_get_contents('notes/' . $_COOKIE['user'] . '.txt');
    // ok: php-path-from-request
    readfile('/srv/files/' . basename($_GET['file']));
    // ok: php-path-from-request
    $body = file_get_contents('php://input');
    $real = realpath('/srv/files/' . $_GET['file']);
    if (!str_starts_with($real, '/srv/files/')) {
        exit;
    }
    // ok: php-path-from-request
    readfile($real);
    return [$text, $body];
}

function upload(array $types)
{
    // ruleid: php-upload-name-from-request
    move_uploaded_file($_FILES['photo']['tmp_name'], 'uploads/' . $_FILES['photo']['name']);
    $target = 'uploads/' . basename($_FILES['photo']['name']);
    // ruleid: php-upload-name-from-request
    move_uploaded_file($_FILES['photo']['tmp_name'], $target);
    $name = bin2hex(random_bytes(16)) . '.jpg';
    // ok: php-upload-name-from-request
    move_uploaded_file($_FILES['photo']['tmp_name'], '/srv/photos/' . $name);
    $kind = strtolower(pathinfo($_FILES['photo']['name'], PATHINFO_EXTENSION));
    if (in_array($kind, $types, true)) {
        // ok: php-upload-name-from-request
        move_uploaded_file($_FILES['photo']['tmp_name'], '/srv/photos/' . $_FILES['photo']['name']);
    }
}

function preview($client)
{
    $url = $_GET['url'];
    // ruleid: php-request-to-address-from-request
    $curl = curl_init($url);
    // ruleid: php-request-to-address-from-request
    curl_setopt($curl, CURLOPT_URL, 'http://' . $_GET['host'] . '/status');
    // ruleid: php-request-to-address-from-request
    $client->request('GET', $_POST['address']);
    // ok: php-request-to-address-from-request
    curl_setopt($curl, CURLOPT_URL, 'https://api.example.org/status?id=' . $_GET['id']);
    // ok: php-request-to-address-from-request
    return Http::get('https://api.example.org/search', ['q' => $_GET['q']]);
}

function parse(string $text, DOMDocument $dom)
{
    // ruleid: php-xml-external-entities
    $dom->loadXML($text, LIBXML_NOENT | LIBXML_DTDLOAD);
    // ruleid: php-xml-external-entities
    libxml_disable_entity_loader(false);
    // ruleid: php-xml-external-entities
    $xml = simplexml_load_string($text, 'SimpleXMLElement', LIBXML_NOENT);
    // ok: php-xml-external-entities
    $dom->loadXML($text, LIBXML_NONET);
    // ok: php-xml-external-entities
    return [$xml, simplexml_load_string($text)];
}

function publish(string $file)
{
    // ruleid: php-world-writable
    chmod($file, 0777);
    // ruleid: php-world-writable
    umask(0);
    // ok: php-world-writable
    chmod($file, 0640);
    // ok: php-world-writable
    chmod($file, 0755);
    // ruleid: php-cleartext-transfer
    $ftp = ftp_connect('files.example.org');
    // ruleid: php-cleartext-transfer
    copy($file, 'ftp://robot:' . 'x' . '@files.example.org/' . $file) || put($file, 'ftp://robot:words@files.example.org/in');
    // ok: php-cleartext-transfer
    $safe = ftp_ssl_connect('files.example.org');
    // ok: php-cleartext-transfer
    copy('ftp://files.example.org/public/list.txt', $file);
    return [$ftp, $safe];
}
