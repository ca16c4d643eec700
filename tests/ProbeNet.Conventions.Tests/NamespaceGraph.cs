using Mono.Cecil;

namespace ProbeNet.Conventions.Tests;

/// <summary>Which namespaces the types of one namespace use, read from a compiled assembly: bodies, signatures, attributes.</summary>
sealed class NamespaceGraph
{
    readonly Dictionary<string, HashSet<string>> _uses = new(StringComparer.Ordinal);

    internal static NamespaceGraph Of(string assembly)
    {
        var graph = new NamespaceGraph();
        using var module = ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        foreach (var type in module.GetTypes())
            graph.Add(type);
        return graph;
    }

    internal IReadOnlyCollection<string> Namespaces => _uses.Keys;

    /// <summary>The namespaces that a folder (a namespace and what is below it) uses.</summary>
    internal IEnumerable<string> UsedBy(string folder) =>
        _uses.Where(use => IsIn(use.Key, folder)).SelectMany(use => use.Value).Distinct();

    internal static bool IsIn(string name, string folder) =>
        name == folder || name.StartsWith(folder + ".", StringComparison.Ordinal);

    void Add(TypeDefinition type)
    {
        var from = NamespaceOf(type);
        Use(from, type.BaseType);
        foreach (var implemented in type.Interfaces)
            Use(from, implemented.InterfaceType);
        foreach (var field in type.Fields)
            Use(from, field.FieldType);
        foreach (var attribute in type.CustomAttributes)
            Use(from, attribute.AttributeType);
        foreach (var method in type.Methods)
            Add(from, method);
    }

    void Add(string from, MethodDefinition method)
    {
        Use(from, method.ReturnType);
        foreach (var parameter in method.Parameters)
            Use(from, parameter.ParameterType);
        if (!method.HasBody)
            return;
        foreach (var variable in method.Body.Variables)
            Use(from, variable.VariableType);
        foreach (var operand in method.Body.Instructions.Select(instruction => instruction.Operand))
            Use(from, operand);
        foreach (var handler in method.Body.ExceptionHandlers)
            Use(from, handler.CatchType);
    }

    void Use(string from, object? operand)
    {
        switch (operand)
        {
            case GenericInstanceMethod method:
                Use(from, method.ElementMethod);
                foreach (var argument in method.GenericArguments)
                    Use(from, argument);
                break;
            case MethodReference method:
                Use(from, method.DeclaringType);
                Use(from, method.ReturnType);
                break;
            case FieldReference field:
                Use(from, field.DeclaringType);
                Use(from, field.FieldType);
                break;
            case GenericInstanceType generic:
                Use(from, generic.ElementType);
                foreach (var argument in generic.GenericArguments)
                    Use(from, argument);
                break;
            case TypeSpecification specification:
                Use(from, specification.ElementType);
                break;
            case TypeReference type when type is not GenericParameter:
                if (!_uses.TryGetValue(from, out var used))
                    _uses[from] = used = new(StringComparer.Ordinal);
                used.Add(NamespaceOf(type));
                break;
        }
    }

    static string NamespaceOf(TypeReference type)
    {
        while (type.DeclaringType is not null)
            type = type.DeclaringType;
        return type.Namespace;
    }
}
