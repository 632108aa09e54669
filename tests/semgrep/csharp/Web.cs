using System.Net.Http;
using System.Text.Encodings.Web;
using System.Web;
using Microsoft.AspNetCore.Mvc;

namespace Samples;

public class PagesController : Controller
{
    private readonly HttpClient _client;
    private readonly SignInManager<User> _signIn;
    private readonly Dictionary<string, string> _endpoints;

    public IActionResult Hello(string name)
    {
        // ruleid: csharp-html-from-request
        ViewBag.Title = new HtmlString("<b>" + name + "</b>");
        // ok: csharp-html-from-request
        ViewBag.Safe = new HtmlString("<b>" + HtmlEncoder.Default.Encode(name) + "</b>");
        // ok: csharp-html-from-request
        ViewBag.Fixed = new HtmlString("<b>hello</b>");
        // ruleid: csharp-html-from-request
        return Content($"<h1>Hello {name}</h1>", "text/html");
    }

    public IActionResult Plain(string name)
    {
        // ok: csharp-html-from-request
        return Content("hello " + name, "text/plain");
    }

    public IActionResult Login(string returnUrl)
    {
        if (Url.IsLocalUrl(returnUrl))
        {
            // ok: csharp-redirect-from-request
            return Redirect(returnUrl);
        }
        // ok: csharp-redirect-from-request
        return LocalRedirect(returnUrl);
    }

    public IActionResult Back(string target)
    {
        // ruleid: csharp-redirect-from-request
        Response.Redirect(Request.Query["to"]);
        // ok: csharp-redirect-from-request
        Response.Redirect("/login?next=" + Uri.EscapeDataString(target));
        // ruleid: csharp-redirect-from-request
        return Redirect(target);
    }

    public async Task<IActionResult> Fetch(string url, string name)
    {
        // ruleid: csharp-url-from-request, csharp-url-from-parameter
        var page = await _client.GetStringAsync(url);
        // ruleid: csharp-url-from-request
        var request = WebRequest.Create("http://" + Request.Query["host"] + "/status");
        // ok: csharp-url-from-request, csharp-url-from-parameter
        page = await _client.GetStringAsync("https://api.example.org/items?name=" + Uri.EscapeDataString(name));
        // ok: csharp-url-from-request, csharp-url-from-parameter
        page = await _client.GetStringAsync("https://api.example.org/items");
        return Ok(page);
    }

    public IActionResult Failing()
    {
        try
        {
            return Ok(Load());
        }
        catch (Exception ex)
        {
            if (Verbose)
            {
                // ruleid: csharp-error-detail-to-client
                return StatusCode(500, ex.ToString());
            }
            if (Chatty)
            {
                // ruleid: csharp-error-detail-to-client
                return BadRequest(ex.StackTrace);
            }
            // ok: csharp-error-detail-to-client
            return Problem("loading failed");
        }
    }

    public IActionResult Refused(Exception ex)
    {
        // ok: csharp-error-detail-to-client
        return BadRequest("no such item");
    }

    public void Cookies(HttpResponse response, string id)
    {
        // ruleid: csharp-cookie-insecure
        response.Cookies.Append("id", id, new CookieOptions { Secure = false, HttpOnly = true });
        // ok: csharp-cookie-insecure, csharp-cookie-unprotected
        var options = new CookieOptions { Secure = true, HttpOnly = true };
        // ruleid: csharp-cookie-insecure
        options.HttpOnly = false;
        // ok: csharp-cookie-insecure
        options.Secure = true;
    }

    public void Unprotected(HttpResponse response, string id)
    {
        // ruleid: csharp-cookie-unprotected
        response.Cookies.Append("id", id, new CookieOptions { HttpOnly = true });
        // ruleid: csharp-cookie-unprotected
        var cookie = new HttpCookie("id", id);
    }

    public void Later(string id)
    {
        // ok: csharp-cookie-unprotected
        var cookie = new HttpCookie("id", id);
        cookie.Secure = true;
        cookie.HttpOnly = true;
    }

    // ruleid: csharp-csrf-protection-off
    [IgnoreAntiforgeryToken]
    public IActionResult Transfer(int amount)
    {
        return Ok();
    }

    // ok: csharp-csrf-protection-off
    [ValidateAntiForgeryToken]
    public IActionResult Checked(int amount)
    {
        return Ok();
    }

    // ruleid: csharp-csrf-token-unchecked
    [HttpPost]
    public IActionResult Order(int article)
    {
        return Ok();
    }

    // ruleid: csharp-csrf-token-unchecked
    [HttpPost("orders")]
    public IActionResult OrderTwo(int article)
    {
        return Ok();
    }

    // ok: csharp-csrf-token-unchecked
    [HttpPost]
    [ValidateAntiForgeryToken]
    public IActionResult OrderChecked(int article)
    {
        return Ok();
    }

    // ok: csharp-csrf-token-unchecked
    [HttpGet]
    public IActionResult Orders(int page)
    {
        return Ok();
    }

    // ruleid: csharp-request-validation-off
    [ValidateInput(false)]
    public ActionResult Comment(int id)
    {
        return Ok();
    }

    // ok: csharp-request-validation-off
    [ValidateInput(true)]
    public ActionResult CheckedComment(int id)
    {
        return Ok();
    }

    public async Task<IActionResult> Save(User user)
    {
        // ruleid: csharp-mass-assignment
        await TryUpdateModelAsync(user);
        // ruleid: csharp-mass-assignment
        UpdateModel(user);
        // ok: csharp-mass-assignment
        await TryUpdateModelAsync(user, "", u => u.Name, u => u.Email);
        // ok: csharp-mass-assignment
        user.Name = "name";
        return Ok();
    }

    public async Task SignIn(string name, string password)
    {
        // ruleid: csharp-lockout-off
        await _signIn.PasswordSignInAsync(name, password, true, false);
        // ruleid: csharp-lockout-off
        await _signIn.PasswordSignInAsync(name, password, true, lockoutOnFailure: false);
        // ok: csharp-lockout-off
        await _signIn.PasswordSignInAsync(name, password, true, lockoutOnFailure: true);
        // ok: csharp-lockout-off
        await _signIn.PasswordSignInAsync(name, password, false, true);
    }
}

public class Forms : Page
{
    protected void Page_Load(object sender, EventArgs e)
    {
        // ruleid: csharp-html-from-request
        Response.Write("<p>" + Request.QueryString["q"] + "</p>");
        // ruleid: csharp-html-from-request
        lblName.Text = txtName.Text;
        // ok: csharp-html-from-request
        lblName.Text = HttpUtility.HtmlEncode(txtName.Text);
        // ruleid: csharp-header-from-request
        Response.AddHeader("X-Name", Request.QueryString["name"]);
        // ruleid: csharp-header-from-request
        Response.AppendHeader("X-City", txtCity.Text);
        // ok: csharp-header-from-request
        Response.AddHeader("X-Name", Uri.EscapeDataString(Request.QueryString["name"]));
        // ok: csharp-header-from-request
        Response.AddHeader("X-Frame-Options", "DENY");
    }
}

public static class Clients
{
    public static async Task<string> Read(HttpClient client, string feedUrl, string title)
    {
        // ruleid: csharp-url-from-parameter
        await client.GetAsync(feedUrl);
        // ok: csharp-url-from-parameter
        return await client.GetStringAsync("https://" + title + ".example.org");
    }
}

public class Startup
{
    public void Configure(IApplicationBuilder app, IWebHostEnvironment env)
    {
        // ruleid: csharp-developer-page
        app.UseDeveloperExceptionPage();
        // ruleid: csharp-developer-page
        app.UseDatabaseErrorPage();
        if (env.IsDevelopment())
        {
            // ok: csharp-developer-page
            app.UseDeveloperExceptionPage();
        }
        // ok: csharp-developer-page
        app.UseExceptionHandler("/error");
        // ruleid: csharp-directory-browsing
        app.UseDirectoryBrowser();
        // ruleid: csharp-directory-browsing
        app.UseFileServer(new FileServerOptions { EnableDirectoryBrowsing = true });
        // ok: csharp-directory-browsing
        app.UseFileServer(new FileServerOptions { EnableDirectoryBrowsing = false });
        // ok: csharp-directory-browsing
        app.UseStaticFiles();
        // ruleid: csharp-cors-any-origin
        app.UseCors(policy => policy.AllowAnyOrigin().AllowAnyHeader());
        // ruleid: csharp-cors-any-origin, csharp-cors-any-origin-with-credentials
        app.UseCors(policy => policy.AllowAnyHeader().SetIsOriginAllowed(origin => true).AllowCredentials());
        // ruleid: csharp-cors-any-origin, csharp-cors-any-origin-with-credentials
        app.UseCors(policy => policy.AllowAnyOrigin().AllowCredentials());
        // ok: csharp-cors-any-origin, csharp-cors-any-origin-with-credentials
        app.UseCors(policy => policy.WithOrigins("https://app.example.org").AllowCredentials());
        // ok: csharp-cors-any-origin, csharp-cors-any-origin-with-credentials
        app.UseCors(policy => policy.WithOrigins("https://app.example.org").AllowAnyHeader());
        // ruleid: csharp-csrf-protection-off
        app.MapPost("/hook", Hook).DisableAntiforgery();
        // ok: csharp-csrf-protection-off
        app.MapPost("/form", Form);
        // ruleid: csharp-request-validation-off
        filters.Add(new ValidateInputAttribute(false));
        // ok: csharp-request-validation-off
        filters.Add(new ValidateInputAttribute(true));
    }
}
