using System.Runtime.Serialization.Formatters.Binary;
using System.Xml;
using Microsoft.AspNetCore.Mvc;
using Newtonsoft.Json;

namespace Samples;

public class Reader
{
    public object Binary(Stream stream)
    {
        // ruleid: csharp-unsafe-deserialize
        return new BinaryFormatter().Deserialize(stream);
    }

    public object Others(Stream stream, string text)
    {
        // ruleid: csharp-unsafe-deserialize
        var formatter = new NetDataContractSerializer();
        // ruleid: csharp-unsafe-deserialize
        var script = new JavaScriptSerializer(new SimpleTypeResolver());
        // ok: csharp-unsafe-deserialize
        var plain = new JavaScriptSerializer();
        // ok: csharp-unsafe-deserialize
        return JsonSerializer.Deserialize<Order>(text);
    }

    public void Json(ISerializationBinder binder)
    {
        // ruleid: csharp-json-type-names
        var settings = new JsonSerializerSettings { TypeNameHandling = TypeNameHandling.All };
        // ruleid: csharp-json-type-names
        settings.TypeNameHandling = TypeNameHandling.Auto;
        // ok: csharp-json-type-names
        settings.TypeNameHandling = TypeNameHandling.None;
        // ok: csharp-json-type-names
        var bound = new JsonSerializerSettings { TypeNameHandling = TypeNameHandling.Objects, SerializationBinder = binder };
    }

    public void Xml(Stream stream)
    {
        var document = new XmlDocument();
        // ruleid: csharp-xml-external-entities
        document.XmlResolver = new XmlUrlResolver();
        // ok: csharp-xml-external-entities
        document.XmlResolver = null;
        // ruleid: csharp-xml-external-entities
        var settings = new XmlReaderSettings { XmlResolver = new XmlUrlResolver() };
        // ruleid: csharp-xml-dtd-parsed
        settings.DtdProcessing = DtdProcessing.Parse;
        // ruleid: csharp-xml-dtd-parsed
        // ok: csharp-xml-external-entities
        var parsing = new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse };
        // ok: csharp-xml-dtd-parsed, csharp-xml-external-entities
        var prohibiting = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit };
        // ok: csharp-xml-dtd-parsed
        var ignoring = new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore };
    }
}

public class TypesController : ControllerBase
{
    public object Make(string type)
    {
        // ruleid: csharp-type-from-request
        var chosen = Type.GetType(type);
        // ruleid: csharp-type-from-request
        var instance = Activator.CreateInstance("Shop", Request.Query["kind"]);
        // ok: csharp-type-from-request
        instance = Activator.CreateInstance("Shop", "Shop.Item");
        // ok: csharp-type-from-request
        return Type.GetType("Shop.Order");
    }
}
