using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Example.Plain;

/// <summary>Counts what is in a store: reads a table, sums it up, prints it.</summary>
public sealed class Store
{
    private readonly Dictionary<string, int> _items = new();

    /// <summary>Adds the rows of a table, one item and one number each.</summary>
    public void Load(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            var parts = line.Split(',', 2);
            if (parts.Length != 2)
            {
                throw new FormatException($"not a row: {line}");
            }
            Update(parts[0].Trim(), int.Parse(parts[1], CultureInfo.InvariantCulture));
        }
    }

    public void Update(string name, int count)
    {
        _items[name] = _items.GetValueOrDefault(name) + count;
    }

    public void Report(TextWriter writer)
    {
        foreach (var (name, count) in _items.OrderBy(item => item.Key, StringComparer.Ordinal))
        {
            writer.WriteLine($"{name,-20} {count,5}");
        }
    }
}
