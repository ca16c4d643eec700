using System.Runtime.Versioning;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Routes;

/// <summary>One journey serves the tests of every class.</summary>
[CollectionDefinition(nameof(Journeys))]
[SupportedOSPlatform("linux")]
public sealed class JourneysCollection : ICollectionFixture<Journeys>;
