<?php

use Illuminate\Http\Request;
use Illuminate\Support\Facades\Log;

function page(PDO $pdo)
{
    // ruleid: php-xss-from-request
    echo 'Hello ' . $_GET['name'];
    $title = strtoupper($_POST['title']);
    // ruleid: php-xss-from-request
    print($title);
    // ruleid: php-xss-from-request
    $html = '<p>' . $_COOKIE['theme'] . '</p>';
    // ok: php-xss-from-request
    echo htmlspecialchars($_GET['name'], ENT_QUOTES, 'UTF-8');
    // ok: php-xss-from-request
    echo (int) $_GET['page'];
    // ok: php-xss-from-request
    echo isset($_GET['debug']) ? 'on' : 'off';
    // ok: php-xss-from-request
    echo count_rows($pdo, $_GET['table']);
    return $html;
}

function headers_out()
{
    // ruleid: php-header-from-request
    header('Content-Disposition: attachment; filename=' . $_GET['file']);
    // ruleid: php-header-from-request
    header("Location: list.php?page={$_GET['page']}");
    // ok: php-header-from-request
    header('Location: list.php?page=' . urlencode($_GET['page']));
    // ok: php-header-from-request
    header('Content-Type: text/plain');
}

function go(Request $request)
{
    $to = $_GET['to'];
    // ruleid: php-redirect-from-request, php-header-from-request
    header('Location: ' . $to);
    // ruleid: php-redirect-from-request, php-header-from-request
    header("Location: $to");
    // ok: php-redirect-from-request
    redirect('/user/' . $request->input('id'));
    $targets = ['home' => '/', 'cart' => '/cart'];
    // ok: php-redirect-from-request
    header('Location: ' . ($targets[(int) $to] ?? '/'));
    // ruleid: php-redirect-from-request
    return redirect($request->query('next'));
}

function remember(string $token, string $theme)
{
    // ruleid: php-cookie-without-flags
    setcookie('remember_token', $token, time() + 86400);
    // ruleid: php-cookie-without-flags
    setcookie('session', $token, 0, '/', '', true, false);
    // ok: php-cookie-without-flags
    setcookie('session', $token, ['secure' => true, 'httponly' => true, 'samesite' => 'Lax']);
    // ok: php-cookie-without-flags
    setcookie('session', $token, 0, '/', '', true, true);
    // ok: php-cookie-without-flags
    setcookie('theme', $theme);
    // ok: php-cookie-without-flags
    setcookie('session', '', time() - 3600);
}

function session_settings()
{
    // ruleid: php-cookie-flags-off
    ini_set('session.cookie_httponly', '0');
    // ruleid: php-cookie-flags-off
    session_set_cookie_params(3600, '/', 'example.org', false, true);
    // ok: php-cookie-flags-off
    ini_set('session.cookie_secure', '1');
    // ok: php-cookie-flags-off
    session_set_cookie_params(['secure' => true, 'httponly' => true]);
    // ruleid: php-session-id-from-request
    session_id($_GET['sid']);
    $id = $_POST['session'];
    // ruleid: php-session-id-from-request
    session_id($id);
    // ok: php-session-id-from-request
    session_id(bin2hex(random_bytes(16)));
    // ok: php-session-id-from-request
    $current = session_id();
    session_start();
    return $current;
}

function diagnostics()
{
    // ruleid: php-debug-output
    phpinfo();
    // ruleid: php-debug-output
    ini_set('display_errors', 1);
    // ok: php-debug-output
    ini_set('display_errors', '0');
    // ok: php-debug-output
    define('WP_DEBUG', false);
}

function rows(mysqli $db)
{
    // ruleid: php-error-detail-to-client
    $result = mysqli_query($db, 'SELECT 1') or die('Query failed: ' . mysqli_error($db));
    try {
        return $result->fetch_all();
    } catch (Exception $e) {
        // ruleid: php-error-detail-to-client
        echo '<pre>' . $e->getTraceAsString() . '</pre>';
        // ok: php-error-detail-to-client
        error_log(mysqli_error($db));
        // ok: php-error-detail-to-client
        exit('Something went wrong.');
    }
}

function origins($response)
{
    // ruleid: php-cross-origin-any
    header('Access-Control-Allow-Origin: *');
    // ruleid: php-cross-origin-any
    header('Access-Control-Allow-Origin: ' . $_SERVER['HTTP_ORIGIN']);
    // ruleid: php-cross-origin-any
    $response->headers->set('Access-Control-Allow-Origin', '*');
    // ok: php-cross-origin-any
    header('Access-Control-Allow-Origin: https://app.example.org');
    // ok: php-cross-origin-any
    $response->headers->set('Access-Control-Allow-Origin', 'https://app.example.org');
}

function forms($resolver, $route)
{
    // ruleid: php-csrf-off
    $resolver->setDefaults(['data_class' => Task::class, 'csrf_protection' => false]);
    // ruleid: php-csrf-off
    $route->withoutMiddleware([VerifyCsrfToken::class]);
    // ok: php-csrf-off
    $resolver->setDefaults(['csrf_protection' => true]);
    // ok: php-csrf-off
    $route->withoutMiddleware([TrimStrings::class]);
}

class Account extends Model
{
    // ruleid: php-mass-assignment
    protected $guarded = [];
}

class Profile extends Model
{
    // ok: php-mass-assignment
    protected $guarded = ['is_admin'];
}

function register(Request $request)
{
    // ruleid: php-mass-assignment
    $user = User::create($request->all());
    // ok: php-mass-assignment
    User::create($request->validate(['name' => 'required']));
    return $user;
}

function is_internal()
{
    // ruleid: php-address-as-proof
    if ($_SERVER['REMOTE_ADDR'] == '10.0.0.1') {
        return true;
    }
    // ruleid: php-address-as-proof
    $ip = $_SERVER['HTTP_X_FORWARDED_FOR'];
    // ok: php-address-as-proof
    log_visit($_SERVER['REMOTE_ADDR']);
    // ok: php-address-as-proof
    $peer = $_SERVER['REMOTE_ADDR'];
    return known($ip, $peer);
}

function settings()
{
    // ruleid: php-session-key-from-request
    $_SESSION[$_POST['name']] = $_POST['value'];
    $key = 'pref_' . $_GET['key'];
    // ruleid: php-session-key-from-request
    $_SESSION[$key] = true;
    // ok: php-session-key-from-request
    $_SESSION['theme'] = $_POST['theme'];
    $wanted = $_POST['wanted'];
    if (in_array($wanted, ['theme', 'language'], true)) {
        // ok: php-session-key-from-request
        $_SESSION[$wanted] = true;
    }
}

function failed_login(Request $request)
{
    // ruleid: php-log-from-request
    error_log('login failed: ' . $_POST['user']);
    // ruleid: php-log-from-request
    Log::warning('login failed: ' . $request->input('user'));
    // ok: php-log-from-request
    error_log('login failed: ' . json_encode($_POST['user']));
    // ok: php-log-from-request
    Log::warning('login failed', ['count' => 3]);
}

// ruleid: php-route-open-to-all
register_rest_route('shop/v1', '/orders', ['methods' => 'POST', 'callback' => 'add', 'permission_callback' => '__return_true']);
// ruleid: php-route-open-to-all
register_rest_route('shop/v1', '/o', ['methods' => WP_REST_Server::EDITABLE, 'callback' => 'edit', 'permission_callback' => '__return_true']);
// ok: php-route-open-to-all
register_rest_route('shop/v1', '/items', ['methods' => 'GET', 'callback' => 'items', 'permission_callback' => '__return_true']);
// ok: php-route-open-to-all
register_rest_route('shop/v1', '/orders', ['methods' => 'POST', 'callback' => 'add', 'permission_callback' => 'may_order']);
?>
<!-- ruleid: php-xss-from-request -->
<p><?= $_GET['message'] ?></p>
<!-- ok: php-xss-from-request -->
<p><?= htmlspecialchars($_GET['message']) ?></p>
