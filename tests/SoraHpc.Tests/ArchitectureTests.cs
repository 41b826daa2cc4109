using System.Reflection;
using NUnit.Framework;

namespace SoraHpc.Tests;

public sealed class ArchitectureTests
{
    private const string Storeys = "Decomposition,Diagnostics,LinearAlgebra,Communication,Storage,Runtime,Solvers,Learning,Jobs";

    [TestCase("SoraHpc.Decomposition", "")]
    [TestCase("SoraHpc.Diagnostics", "")]
    [TestCase("SoraHpc.Communication", "Diagnostics")]
    [TestCase("SoraHpc.Storage", "Communication,Decomposition,Diagnostics")]
    [TestCase("SoraHpc.Runtime", "Storage,Communication,Decomposition,Diagnostics")]
    [TestCase("SoraHpc.LinearAlgebra", "")]
    [TestCase("SoraHpc.Solvers", "LinearAlgebra,Communication,Decomposition,Diagnostics")]
    [TestCase("SoraHpc.Learning", "Runtime,Solvers,LinearAlgebra,Storage,Communication,Decomposition,Diagnostics")]
    [TestCase("SoraHpc.Jobs", "Learning,Runtime,Solvers,LinearAlgebra,Storage,Communication,Decomposition,Diagnostics")]
    [TestCase("WeatherStrategies", "Runtime,Storage,Communication,Decomposition,Diagnostics")]
    [TestCase("sora", Storeys)]
    public void Project_references_only_the_storeys_below_it(string project, string below)
    {
        IEnumerable<string> used = Assembly.Load(project).GetReferencedAssemblies()
            .Select(assembly => assembly.Name!).Where(name => name.StartsWith("SoraHpc.", StringComparison.Ordinal));
        IEnumerable<string> allowed = below.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(storey => $"SoraHpc.{storey}");

        Assert.That(used, Is.SubsetOf(allowed));
    }

    [Test]
    public void Storeys_have_no_writable_static_field_that_others_can_reach()
    {
        IEnumerable<string> found = Storeys.Split(',')
            .SelectMany(storey => Assembly.Load($"SoraHpc.{storey}").GetTypes())
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public))
            .Where(field => field is { IsInitOnly: false, IsLiteral: false } && field.DeclaringType!.IsVisible)
            .Select(field => $"{field.DeclaringType}.{field.Name}");

        Assert.That(found, Is.Empty);
    }
}
