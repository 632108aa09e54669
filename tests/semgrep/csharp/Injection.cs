using System.Diagnostics;
using System.DirectoryServices;
using System.Xml;
using Dapper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.Data.SqlClient;
using MongoDB.Bson;

namespace Samples;

public class FilterModel
{
    public string City { get; set; }
}

[Route("items")]
public class ItemsController : ControllerBase
{
    private readonly SqlConnection _connection;
    private readonly ShopContext _shop;
    private readonly ILogger<ItemsController> _logger;

    [HttpGet]
    public IActionResult Find(string name, string order, int id)
    {
        // ruleid: csharp-sql-from-request, csharp-sql-quoted-value, csharp-sql-built-from-text
        var command = new SqlCommand("SELECT id FROM item WHERE name = '" + name + "'", _connection);
        // ok: csharp-sql-from-request, csharp-sql-quoted-value, csharp-sql-built-from-text
        command.CommandText = "SELECT id FROM item WHERE name = @name";
        command.Parameters.AddWithValue("@name", name);
        // ruleid: csharp-sql-from-request, csharp-sql-built-from-text
        var rows = _connection.Query<Item>($"SELECT id FROM item ORDER BY {order}");
        // ok: csharp-sql-from-request, csharp-sql-quoted-value, csharp-sql-built-from-text
        rows = _connection.Query<Item>("SELECT id FROM item WHERE name = @name", new { name });
        // ruleid: csharp-sql-built-from-text
        // ok: csharp-sql-from-request
        command.CommandText = "SELECT id FROM item WHERE id = " + id;
        var statement = new StringBuilder("SELECT id FROM item WHERE ");
        statement.Append(Request.Query["filter"]);
        // ruleid: csharp-sql-from-request
        command.CommandText = statement.ToString();
        var allowedColumns = new Dictionary<string, string>();
        // ok: csharp-sql-from-request
        command.CommandText = "SELECT id FROM item ORDER BY " + allowedColumns[order];
        return Ok();
    }

    [HttpPost]
    public IActionResult Shops([FromBody] FilterModel filter)
    {
        // ruleid: csharp-sql-from-request, csharp-sql-quoted-value, csharp-sql-built-from-text
        var shops = _shop.Shops.FromSqlRaw("SELECT * FROM shop WHERE city = '" + filter.City + "'");
        // ok: csharp-sql-from-request, csharp-sql-built-from-text
        shops = _shop.Shops.FromSqlInterpolated($"SELECT * FROM shop WHERE city = {filter.City}");
        return Ok(shops);
    }

    public IActionResult Convert(string name)
    {
        // ruleid: csharp-command-from-request, csharp-command-from-parameter
        Process.Start("cmd.exe", "/c convert " + name);
        // ruleid: csharp-command-from-request, csharp-command-from-parameter
        var info = new ProcessStartInfo { FileName = "convert", Arguments = name };
        // ok: csharp-command-from-request, csharp-command-from-parameter
        var start = new ProcessStartInfo("convert");
        // ok: csharp-command-from-request, csharp-command-from-parameter
        start.ArgumentList.Add(name);
        return Ok();
    }

    public IActionResult Person(string user)
    {
        var searcher = new DirectorySearcher();
        // ruleid: csharp-ldap-from-request, csharp-ldap-filter-built
        searcher.Filter = "(uid=" + user + ")";
        // ok: csharp-ldap-from-request, csharp-ldap-filter-built
        searcher.Filter = "(uid=" + Encoder.LdapFilterEncode(user) + ")";
        // ruleid: csharp-ldap-from-request, csharp-ldap-filter-built
        searcher.Filter = $"(&(objectClass=person)(mail={user}))";
        // ok: csharp-ldap-from-request, csharp-ldap-filter-built
        searcher.Filter = "(objectClass=person)";
        return Ok();
    }

    public IActionResult Book(string title)
    {
        var document = new XmlDocument();
        // ruleid: csharp-xpath-from-request, csharp-xpath-built
        var node = document.SelectSingleNode("//book[title='" + title + "']");
        // ruleid: csharp-xpath-from-request, csharp-xpath-built
        var nodes = document.SelectNodes($"//book[author='{title}']/title");
        // ok: csharp-xpath-from-request, csharp-xpath-built
        nodes = document.SelectNodes("//book[@lang='en']");
        // ok: csharp-xpath-from-request, csharp-xpath-built
        node = document.SelectSingleNode("/library");
        return Ok();
    }

    public async Task<IActionResult> Evaluate(string formula)
    {
        // ruleid: csharp-code-from-request
        var result = await CSharpScript.EvaluateAsync(formula);
        // ruleid: csharp-code-from-request
        Assembly.LoadFrom(Request.Query["plugin"]);
        // ok: csharp-code-from-request
        result = await CSharpScript.EvaluateAsync("1 + 1");
        // ok: csharp-code-from-request
        Assembly.LoadFrom("plugins/default.dll");
        return Ok(result);
    }

    public IActionResult Page(string template, string name)
    {
        // ruleid: csharp-template-from-request
        var page = Engine.Razor.RunCompile(template, "page", null, null);
        // ruleid: csharp-template-from-request
        var mail = Handlebars.Compile("<p>" + template + "</p>");
        // ok: csharp-template-from-request
        page = Engine.Razor.RunCompile(MailTemplate, "mail", null, name);
        // ok: csharp-template-from-request
        mail = Handlebars.Compile("<p>{{name}}</p>");
        return Ok(page);
    }

    public IActionResult Documents(string name)
    {
        // ruleid: csharp-nosql-from-request
        var filter = BsonDocument.Parse("{ name: '" + name + "' }");
        // ruleid: csharp-nosql-from-request
        var query = new QueryDefinition($"SELECT * FROM c WHERE c.name = '{name}'");
        // ok: csharp-nosql-from-request
        var bound = new QueryDefinition("SELECT * FROM c WHERE c.name = @name").WithParameter("@name", name);
        // ok: csharp-nosql-from-request
        var fixedFilter = BsonDocument.Parse("{ active: true }");
        return Ok(filter);
    }

    public IActionResult Login(string user)
    {
        // ruleid: csharp-log-from-request
        _logger.LogInformation("login of {User}", user);
        // ruleid: csharp-log-from-request
        _logger.LogWarning("login of " + user);
        // ok: csharp-log-from-request
        _logger.LogInformation("login of {User}", user.ReplaceLineEndings("_"));
        // ok: csharp-log-from-request
        _logger.LogInformation("login");
        return Ok();
    }

    public IActionResult Search(string pattern, string text)
    {
        // ruleid: csharp-regex-from-request
        var found = Regex.IsMatch(text, pattern);
        // ruleid: csharp-regex-from-request
        var matcher = new Regex(pattern);
        // ok: csharp-regex-from-request
        matcher = new Regex(Regex.Escape(pattern));
        // ok: csharp-regex-from-request
        found = Regex.IsMatch(pattern, "^[a-z]+$");
        return Ok(found);
    }
}

public class Repository
{
    private readonly SqlConnection _connection;

    public void ByEmail(string email)
    {
        var query = string.Format("SELECT id FROM person WHERE email = '{0}'", email);
        // ruleid: csharp-sql-quoted-value, csharp-sql-built-from-text
        using var command = new SqlCommand(query, _connection);
        // ok: csharp-sql-quoted-value, csharp-sql-built-from-text
        var adapter = new SqlDataAdapter("SELECT id FROM person", _connection);
    }

    public void Joined(string query, string condition, DbCommand command)
    {
        // ruleid: csharp-sql-argument-joined
        var joined = new SqlCommand(query + condition, _connection);
        // ruleid: csharp-sql-argument-joined
        command.CommandText = string.Format(query, condition);
        // ok: csharp-sql-argument-joined
        var whole = new SqlCommand(query, _connection);
        // ok: csharp-sql-argument-joined
        command.CommandText = query + " LIMIT 10";
    }

    private void Filter(DirectorySearcher searcher, string team)
    {
        // ruleid: csharp-ldap-filter-built
        searcher.Filter = string.Format("(&(objectClass=group)(cn={0}))", team);
    }

    public static void Run(string tool)
    {
        // ruleid: csharp-command-from-parameter
        Process.Start(tool);
        // ok: csharp-command-from-parameter
        Process.Start("explorer.exe");
    }
}
