using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace SoraHpc.Tests.Plugins;

/// <summary>Assemblies no compiler would make today: built against another version of an interface.</summary>
internal static class BrokenAssembly
{
    /// <summary>Writes an assembly with one public class that claims to be an ISyncProtocol and has no method of it.</summary>
    /// <param name="version">Version of SoraHpc.Runtime it says it was built against.</param>
    internal static void Write(string path, Version version)
    {
        MetadataBuilder metadata = new();
        metadata.AddModule(0, metadata.GetOrAddString(Path.GetFileName(path)), metadata.GetOrAddGuid(Guid.NewGuid()), default, default);
        metadata.AddAssembly(metadata.GetOrAddString("Broken"), new Version(1, 0), default, default, 0, AssemblyHashAlgorithm.None);
        metadata.AddTypeDefinition(0, default, metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        TypeReferenceHandle anything = Reference("System.Runtime", new Version(10, 0), "System", "Object");
        TypeReferenceHandle protocol = Reference("SoraHpc.Runtime", version, "SoraHpc.Runtime.Synchronization", "ISyncProtocol");
        TypeDefinitionHandle type = metadata.AddTypeDefinition(TypeAttributes.Public | TypeAttributes.Class, default, metadata.GetOrAddString("OldSync"), anything,
            MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        metadata.AddInterfaceImplementation(type, protocol);
        BlobBuilder image = new();
        new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(metadata), new BlobBuilder()).Serialize(image);
        using FileStream file = File.Create(path);
        image.WriteContentTo(file);

        TypeReferenceHandle Reference(string assembly, Version of, string space, string name) => metadata.AddTypeReference(
            metadata.AddAssemblyReference(metadata.GetOrAddString(assembly), of, default, default, 0, default), metadata.GetOrAddString(space), metadata.GetOrAddString(name));
    }
}
