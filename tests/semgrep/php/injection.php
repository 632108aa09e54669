<?php

namespace App\Http;

use Illuminate\Http\Request;
use Illuminate\Support\Facades\DB;

function find_user(\mysqli $db, \PDO $pdo)
{
    $id = $_GET['id'];
    // ruleid: php-sql-from-request, php-sql-built-string
    mysqli_query($db, "SELECT * FROM users WHERE id = '$id'");
    // ruleid: php-sql-from-request
    $sql = "SELECT name FROM users WHERE id = " . $id . " LIMIT 1";
    // ruleid: php-sql-from-request
    $pdo->query($sql);
    // ruleid: php-sql-from-request
    $report = run_report(sprintf("SELECT * FROM sales WHERE region = '%s'", $_POST['region']));
    // ok: php-sql-from-request, php-sql-built-string
    $statement = $pdo->prepare("SELECT * FROM users WHERE id = ?");
    $statement->execute([$id]);
    $number = (int) $_GET['number'];
    // ok: php-sql-from-request
    $sum = "SELECT * FROM invoices WHERE number = " . $number;
    $order = $_GET['order'];
    if (!in_array($order, ['name', 'age'], true)) {
        exit;
    }
    // ok: php-sql-from-request
    $pdo->query("SELECT * FROM users ORDER BY " . $order);
    // ok: php-sql-from-request, php-sql-built-string
    mysqli_query($db, "SELECT * FROM users WHERE name = '" . mysqli_real_escape_string($db, $_GET['name']) . "'");
    return [$sum, $report];
}

class ReportController
{
    public function show(Request $request)
    {
        // ruleid: php-sql-from-request, php-sql-built-string
        return DB::table('reports')->whereRaw("region = '" . $request->input('region') . "'")->get();
    }

    public function totals(Request $request, $year)
    {
        // ruleid: php-sql-from-request, php-sql-built-string
        $rows = DB::select("SELECT total FROM totals WHERE region = '{$request->region}'");
        // ruleid: php-sql-built-string
        $more = DB::select("SELECT total FROM totals WHERE year = '$year'");
        // ok: php-sql-from-request, php-sql-built-string
        return DB::select('SELECT total FROM totals WHERE region = ?', [$request->input('region')]);
    }
}

function ping()
{
    $host = $_POST['host'];
    // ruleid: php-command-from-request, php-built-command
    exec("ping -c 1 " . $host, $lines);
    // ruleid: php-command-from-request, php-built-command
    $result = `nslookup $host`;
    $command = 'traceroute ' . trim($host);
    // ruleid: php-command-from-request
    passthru($command);
    // ok: php-command-from-request, php-built-command
    exec('ping -c 1 ' . escapeshellarg($host), $lines);
    // ok: php-command-from-request
    $process = proc_open(['ping', '-c', '1', '--', $host], [], $pipes);
    // ok: php-command-from-request, php-built-command
    system('uptime');
    return [$result, $process];
}

function thumbnail(string $source, int $width)
{
    // ruleid: php-built-command
    shell_exec("convert $source -resize 100x100 out.png");
}

function dispatch()
{
    // ruleid: php-code-from-request, php-eval-of-expression
    eval('$x = ' . $_GET['expression'] . ';');
    $action = $_GET['action'];
    // ruleid: php-code-from-request
    call_user_func($action, 1);
    // ruleid: php-code-from-request
    $action();
    $class = $_REQUEST['type'];
    // ruleid: php-code-from-request
    $object = new $class();
    $actions = ['list' => 'list_items', 'show' => 'show_item'];
    // ok: php-code-from-request
    call_user_func([new Items(), 'list'], $_GET['page']);
    $known = $_GET['known'];
    if (isset($actions[$known])) {
        // ok: php-code-from-request
        call_user_func($known);
    }
    return $object;
}

function rewrite(string $code, string $text)
{
    // ruleid: php-eval-of-expression
    $f = create_function('$x', $code);
    // ruleid: php-eval-of-expression
    $text = preg_replace('/(\w+)/e', 'strtoupper("\1")', $text);
    // ok: php-eval-of-expression
    $text = preg_replace('/(\w+)e/i', '<b>\1</b>', $text);
    // ok: php-eval-of-expression
    return preg_replace_callback('/\w+/', 'ucfirst', $text) . $f(1);
}

function cart(string $stored)
{
    // ruleid: php-deserialize-request, php-unserialize
    $cart = unserialize($_COOKIE['cart']);
    $packed = base64_decode($_POST['state']);
    // ruleid: php-deserialize-request, php-unserialize
    $state = unserialize($packed);
    // ruleid: php-unserialize
    $old = unserialize($stored);
    // ok: php-deserialize-request, php-unserialize
    $safe = unserialize($_COOKIE['cart'], ['allowed_classes' => false]);
    // ok: php-deserialize-request, php-unserialize
    $best = json_decode($_COOKIE['cart'], true);
    return [$cart, $state, $old, $safe, $best];
}

function directory_entry($link)
{
    $uid = $_POST['uid'];
    // ruleid: php-ldap-from-request
    ldap_search($link, 'ou=people,dc=example,dc=org', "(uid=$uid)");
    $filter = '(&(mail=' . $_GET['mail'] . ')(active=TRUE))';
    // ruleid: php-ldap-from-request
    ldap_list($link, 'dc=example,dc=org', $filter);
    // ok: php-ldap-from-request
    ldap_search($link, 'dc=example,dc=org', '(uid=' . ldap_escape($uid, '', LDAP_ESCAPE_FILTER) . ')');
    // ok: php-ldap-from-request
    ldap_search($link, 'dc=example,dc=org', '(objectClass=person)');
}

function nodes(\DOMDocument $document, \SimpleXMLElement $xml)
{
    $xpath = new \DOMXPath($document);
    $name = $_GET['name'];
    // ruleid: php-xpath-from-request
    $found = $xpath->query("//user[name='" . $name . "']");
    // ruleid: php-xpath-from-request
    $others = $xml->xpath("/users/user[@id='$name']");
    // ok: php-xpath-from-request
    $all = $xpath->query('//user');
    if (!ctype_alnum($name)) {
        return null;
    }
    // ok: php-xpath-from-request
    return [$found, $others, $all, $xml->xpath("/users/user[@id='$name']")];
}

function login(\MongoDB\Collection $users)
{
    // ruleid: php-nosql-from-request
    $user = $users->findOne(['name' => $_POST['name'], 'pin' => $_POST['pin']]);
    $query = ['mail' => $_GET['mail']];
    // ruleid: php-nosql-from-request
    $users->deleteMany($query);
    // ok: php-nosql-from-request
    $users->findOne(['name' => (string) $_POST['name']]);
    // ok: php-nosql-from-request
    $users->find(['active' => true]);
    return $user;
}

function greet($twig, \Smarty $smarty)
{
    // ruleid: php-template-from-request
    echo $twig->createTemplate('Hello ' . $_GET['name'])->render();
    $layout = $_POST['layout'];
    // ruleid: php-template-from-request
    $smarty->display('string:' . $layout);
    // ok: php-template-from-request
    echo $twig->createTemplate('Hello {{ name }}')->render(['name' => $_GET['name']]);
    // ok: php-template-from-request
    echo $twig->render('hello.html.twig', ['name' => $_GET['name']]);
}

function globals_again(string $query)
{
    // ruleid: php-variables-from-request
    extract($_POST);
    // ruleid: php-variables-from-request
    parse_str($_SERVER['QUERY_STRING']);
    // ok: php-variables-from-request
    extract($_GET, EXTR_SKIP);
    // ok: php-variables-from-request
    parse_str($_SERVER['QUERY_STRING'], $fields);
    return $fields;
}

function contact()
{
    $from = $_POST['from'];
    // ruleid: php-mail-header-from-request
    mail('office@example.org', 'Contact', $_POST['text'], "From: $from");
    $headers = 'Reply-To: ' . $_POST['reply'];
    // ruleid: php-mail-header-from-request
    mail('office@example.org', 'Contact', 'text', $headers);
    // ok: php-mail-header-from-request
    mail('office@example.org', 'Contact', $_POST['text'], 'From: web@example.org');
    $checked = filter_var($_POST['from'], FILTER_VALIDATE_EMAIL);
    // ok: php-mail-header-from-request
    mail('office@example.org', 'Contact', 'text', "From: $checked");
}

function anonymous($link, string $dn, string $password)
{
    // ruleid: php-ldap-without-password
    ldap_bind($link);
    // ruleid: php-ldap-without-password
    ldap_bind($link, $dn, '');
    // ok: php-ldap-without-password
    ldap_bind($link, $dn, $password);
    // ok: php-ldap-without-password
    ldap_connect('ldaps://directory.example.org');
}

function customers($builder, string $mail, string $folder)
{
    // ruleid: php-sql-built-string
    $builder->where("c.mail = '" . $mail . "'");
    // ok: php-sql-built-string
    $builder->where('c.mail = :mail');
    // ruleid: php-built-command
    return `ls $folder`;
}
