using Xunit;

namespace ProbeNet.EndToEnd.Tests.Lab;

/// <summary>Tests that let scripts of deploy/ build programs: one at a time, since they build into one folder.</summary>
[CollectionDefinition(nameof(BuiltByDeploy))]
public sealed class BuiltByDeploy;
