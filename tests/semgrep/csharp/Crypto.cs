using System.Net;
using System.Net.Http;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Samples;

public class Crypto
{
    // ruleid: csharp-hardcoded-credential
    private const string DbPassword = "kR7!vQ2pZ";
    // ok: csharp-hardcoded-credential
    private const string PasswordField = "kR7vQ2p1Z";
    // ok: csharp-hardcoded-credential
    private readonly string _apiKey = Environment.GetEnvironmentVariable("API_KEY");

    public void Hashes(byte[] data)
    {
        // ruleid: csharp-weak-hash
        var weak = MD5.Create();
        // ruleid: csharp-weak-hash
        var old = SHA1.HashData(data);
        // ok: csharp-weak-hash
        var strong = SHA256.HashData(data);
        // ok: csharp-weak-hash
        var longer = SHA512.Create();
    }

    public void Ciphers(byte[] key)
    {
        // ruleid: csharp-weak-cipher
        var des = DES.Create();
        // ruleid: csharp-weak-cipher
        var triple = new TripleDESCryptoServiceProvider();
        // ok: csharp-weak-cipher
        using var aes = Aes.Create();
        // ruleid: csharp-weak-cipher
        aes.Mode = CipherMode.ECB;
        // ok: csharp-weak-cipher
        aes.Mode = CipherMode.CBC;
    }

    public void Keys(byte[] data)
    {
        // ruleid: csharp-key-too-short
        var shortKey = new RSACryptoServiceProvider(1024);
        // ruleid: csharp-key-too-short
        var tiny = RSA.Create(512);
        // ok: csharp-key-too-short
        var good = RSA.Create(3072);
        // ok: csharp-key-too-short
        var fine = new RSACryptoServiceProvider(2048);
        // ruleid: csharp-rsa-padding-old
        good.Encrypt(data, RSAEncryptionPadding.Pkcs1);
        // ruleid: csharp-rsa-padding-old
        fine.Encrypt(data, false);
        // ok: csharp-rsa-padding-old
        good.Encrypt(data, RSAEncryptionPadding.OaepSHA256);
        // ok: csharp-rsa-padding-old
        fine.Encrypt(data, true);
    }

    public void Vectors(Aes aes, byte[] key)
    {
        // ruleid: csharp-fixed-iv
        aes.IV = Encoding.UTF8.GetBytes("0123456789abcdef");
        var zero = new byte[16];
        // ruleid: csharp-fixed-iv
        var encryptor = aes.CreateEncryptor(key, zero);
        var random = new byte[16];
        RandomNumberGenerator.Fill(random);
        // ok: csharp-fixed-iv
        encryptor = aes.CreateEncryptor(key, random);
        // ok: csharp-fixed-iv
        aes.IV = RandomNumberGenerator.GetBytes(16);
    }

    public void Passwords(string password, byte[] data)
    {
        // ruleid: csharp-fixed-salt
        var fixedSalt = Rfc2898DeriveBytes.Pbkdf2(password, Encoding.UTF8.GetBytes("pepper"), 600_000, HashAlgorithmName.SHA256, 32);
        // ruleid: csharp-fixed-salt
        var zeroSalt = new Rfc2898DeriveBytes(password, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }, 600_000, HashAlgorithmName.SHA256);
        var salt = RandomNumberGenerator.GetBytes(16);
        // ok: csharp-fixed-salt, csharp-password-hash-too-cheap
        var good = Rfc2898DeriveBytes.Pbkdf2(password, salt, 600_000, HashAlgorithmName.SHA256, 32);
        // ok: csharp-fixed-salt, csharp-password-hash-too-cheap
        var fine = new Rfc2898DeriveBytes(password, salt, 600000, HashAlgorithmName.SHA512);
        // ruleid: csharp-password-hash-too-cheap
        var cheap = new Rfc2898DeriveBytes(password, salt);
        // ruleid: csharp-password-hash-too-cheap
        var few = Rfc2898DeriveBytes.Pbkdf2(password, salt, 1000, HashAlgorithmName.SHA256, 32);
        // ruleid: csharp-password-fast-hash
        var fast = SHA256.HashData(Encoding.UTF8.GetBytes(password));
        using var sha = SHA512.Create();
        // ruleid: csharp-password-fast-hash
        fast = sha.ComputeHash(Encoding.UTF8.GetBytes("salt" + password));
        // ok: csharp-password-fast-hash
        fast = sha.ComputeHash(data);
        // ok: csharp-password-fast-hash
        fast = SHA256.HashData(data);
    }

    public string SessionToken()
    {
        var random = new Random();
        var text = new StringBuilder();
        for (var i = 0; i < 32; i++)
        {
            text.Append(Letters[random.Next(Letters.Length)]);
        }
        // ruleid: csharp-weak-random-secret
        return text.ToString();
    }

    public void Reset(User user)
    {
        var random = new Random();
        // ruleid: csharp-weak-random-secret
        user.ResetToken = random.Next().ToString();
        // ok: csharp-weak-random-secret
        user.Salt = RandomNumberGenerator.GetBytes(16);
        // ruleid: csharp-weak-random-secret
        var apiKey = "k" + random.Next();
        // ruleid: csharp-hardcoded-credential
        var password = "gH7w-Tq2x";
        Use(apiKey, password);
        // ok: csharp-weak-random-secret
        var delay = random.Next(10);
    }

    public void Connections(HttpClientHandler handler, HttpWebRequest request)
    {
        // ruleid: csharp-tls-verification-off
        handler.ServerCertificateCustomValidationCallback = (message, certificate, chain, errors) => true;
        // ruleid: csharp-tls-verification-off
        ServicePointManager.ServerCertificateValidationCallback += delegate { return true; };
        // ruleid: csharp-tls-verification-off
        handler.ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator;
        // ok: csharp-tls-verification-off
        handler.ServerCertificateCustomValidationCallback = (message, certificate, chain, errors) => errors == SslPolicyErrors.None;
        // ok: csharp-tls-verification-off
        request.ServerCertificateValidationCallback = CheckPinned;
        // ruleid: csharp-tls-version-old
        ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls11;
        // ruleid: csharp-tls-version-old
        handler.SslProtocols = SslProtocols.Ssl3;
        // ok: csharp-tls-version-old
        handler.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        // ok: csharp-tls-version-old
        ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls12;
    }

    public void Tokens(SecurityKey key)
    {
        // ruleid: csharp-jwt-unverified
        var open = new TokenValidationParameters { ValidateIssuerSigningKey = false, IssuerSigningKey = key };
        // ruleid: csharp-jwt-unverified
        open.RequireSignedTokens = false;
        // ok: csharp-jwt-unverified, csharp-jwt-lifetime-unchecked
        var signed = new TokenValidationParameters { ValidateIssuerSigningKey = true, IssuerSigningKey = key };
        // ok: csharp-jwt-unverified
        signed.RequireSignedTokens = true;
        // ruleid: csharp-jwt-lifetime-unchecked
        var lasting = new TokenValidationParameters { ValidateLifetime = false, IssuerSigningKey = key };
        // ruleid: csharp-jwt-lifetime-unchecked
        lasting.RequireExpirationTime = false;
        // ok: csharp-jwt-lifetime-unchecked
        signed.ValidateLifetime = true;
    }

    public void Plain(JwtBearerOptions options, SmtpClient mail, bool isDevelopment)
    {
        // ruleid: csharp-https-not-required
        options.RequireHttpsMetadata = false;
        // ruleid: csharp-https-not-required
        mail.EnableSsl = false;
        // ok: csharp-https-not-required
        mail.EnableSsl = true;
        if (isDevelopment)
        {
            // ok: csharp-https-not-required
            options.RequireHttpsMetadata = false;
        }
    }

    public void Logins(ILogger logger, string user, string password, string apiKey)
    {
        // ruleid: csharp-secret-in-log
        logger.LogInformation("login of {User} with {Password}", user, password);
        // ruleid: csharp-secret-in-log
        Console.WriteLine("key " + apiKey);
        // ok: csharp-secret-in-log
        logger.LogInformation("login of {User} failed, wrong password", user);
        // ok: csharp-secret-in-log
        logger.LogInformation("key of {Length} characters", apiKey.Length);
    }

    public void Forge(HttpHeaders headers)
    {
        // ruleid: csharp-hardcoded-token
        var deployToken = "correct-horse-battery-staple-7";
        // ruleid: csharp-hardcoded-token
        headers.Add("X-Bearer", "correct-horse-battery-staple-7");
        // ok: csharp-hardcoded-token
        var tokenUrl = "correct-horse-battery-staple-7/oauth";
        // ok: csharp-hardcoded-token
        var startToken = "begin";
    }

    public void Connect()
    {
        // ruleid: csharp-hardcoded-credential
        var credential = new NetworkCredential("app", "Zx81-spectrum");
        // ok: csharp-hardcoded-credential
        credential = new NetworkCredential("app", Configuration["Password"]);
        // ruleid: csharp-credential-in-connection-string
        Open("Server=db.example.org;Database=app;User Id=app;Password=kR7vQ2pZ;");
        // ruleid: csharp-credential-in-connection-string
        Open("Data Source=10.0.0.5;Initial Catalog=app;uid=app;pwd=kR7vQ2pZ");
        // ok: csharp-credential-in-connection-string, csharp-database-password-empty
        Open("Server=db.example.org;Database=app;Integrated Security=true");
        // ok: csharp-credential-in-connection-string, csharp-database-password-empty
        Open($"Server=db.example.org;Database=app;User Id=app;Password={_apiKey};");
        // ruleid: csharp-database-password-empty
        Open("Server=db.example.org;Database=app;User Id=app;Password=;");
        // ruleid: csharp-database-password-empty
        Open("Data Source=db.example.org;uid=app;Password=");
    }
}
