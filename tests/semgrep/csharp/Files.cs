using System.IO;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Samples;

public class FilesController : Controller
{
    private const string Root = "/srv/files";

    public IActionResult Download(string name)
    {
        var path = Path.Combine(Root, name);
        // ruleid: csharp-path-from-request
        var bytes = System.IO.File.ReadAllBytes(path);
        // ruleid: csharp-path-from-request
        System.IO.File.Delete(Root + "/" + Request.Query["name"]);
        // ok: csharp-path-from-request
        bytes = System.IO.File.ReadAllBytes(Path.Combine(Root, Path.GetFileName(name)));
        // ok: csharp-path-from-request
        bytes = System.IO.File.ReadAllBytes(Path.Combine(Root, "index.html"));
        // ruleid: csharp-path-from-request
        return PhysicalFile(path, "text/plain");
    }

    public IActionResult Contained(string name)
    {
        var path = Path.GetFullPath(Path.Combine(Root, name));
        if (!path.StartsWith(Root + "/"))
        {
            return NotFound();
        }
        // ok: csharp-path-from-request
        return PhysicalFile(path, "text/plain");
    }

    public async Task<IActionResult> Upload(IFormFile file)
    {
        // ruleid: csharp-upload-name-used
        using (var stream = new FileStream(Path.Combine(Root, file.FileName), FileMode.Create))
        {
            await file.CopyToAsync(stream);
        }
        var target = Root + "/" + file.FileName;
        // ruleid: csharp-upload-name-used
        using (var stream = System.IO.File.Create(target))
        {
            await file.CopyToAsync(stream);
        }
        // ok: csharp-upload-name-used
        using (var stream = System.IO.File.Create(Path.Combine(Root, Path.GetRandomFileName())))
        {
            await file.CopyToAsync(stream);
        }
        // ok: csharp-upload-name-used
        using (var stream = System.IO.File.Create(Path.Combine(Root, Path.GetFileName(file.FileName))))
        {
            await file.CopyToAsync(stream);
        }
        return Ok();
    }
}

public static class Pages
{
    public static string Read(string directory, string fileName)
    {
        // ruleid: csharp-path-joined-unchecked
        return File.ReadAllText(Path.Combine(directory, fileName));
    }

    public static void Drop(string templateName)
    {
        var path = "/srv/pages/" + templateName;
        // ruleid: csharp-path-joined-unchecked
        File.Delete(path);
    }

    public static string ReadBase(string directory, string fileName)
    {
        // ok: csharp-path-joined-unchecked
        return File.ReadAllText(Path.Combine(directory, Path.GetFileName(fileName)));
    }

    public static string ReadIndex(string directory)
    {
        // ok: csharp-path-joined-unchecked
        return File.ReadAllText(Path.Combine(directory, "index.html"));
    }

    public static void Unzip(ZipArchive archive, string directory)
    {
        foreach (var entry in archive.Entries)
        {
            // ruleid: csharp-archive-entry-path
            entry.ExtractToFile(Path.Combine(directory, entry.FullName));
            // ruleid: csharp-archive-entry-path
            using var stream = new FileStream(directory + "/" + entry.FullName, FileMode.Create);
            // ok: csharp-archive-entry-path
            entry.ExtractToFile(Path.Combine(directory, Path.GetFileName(entry.FullName)));
        }
        foreach (var entry in archive.Entries)
        {
            var target = Path.GetFullPath(Path.Combine(directory, entry.FullName));
            if (!target.StartsWith(directory + "/"))
            {
                throw new IOException("entry outside of the directory");
            }
            // ok: csharp-archive-entry-path
            entry.ExtractToFile(target);
        }
    }

    public static void Temporary(string text)
    {
        // ruleid: csharp-temporary-file-predictable
        var name = Path.GetTempFileName();
        // ruleid: csharp-temporary-file-predictable
        File.WriteAllText(Path.Combine(Path.GetTempPath(), "report.csv"), text);
        // ok: csharp-temporary-file-predictable
        File.WriteAllText(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), text);
        // ok: csharp-temporary-file-predictable
        File.WriteAllText("/var/lib/shop/report.csv", text);
    }

    public static void Rights(DirectorySecurity security, string path)
    {
        // ruleid: csharp-file-open-to-all
        security.AddAccessRule(new FileSystemAccessRule("Everyone", FileSystemRights.FullControl, AccessControlType.Allow));
        // ruleid: csharp-file-open-to-all
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.OtherWrite);
        // ok: csharp-file-open-to-all
        security.AddAccessRule(new FileSystemAccessRule("Everyone", FileSystemRights.Write, AccessControlType.Deny));
        // ok: csharp-file-open-to-all
        security.AddAccessRule(new FileSystemAccessRule("SHOP\\worker", FileSystemRights.Read, AccessControlType.Allow));
        // ok: csharp-file-open-to-all
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
