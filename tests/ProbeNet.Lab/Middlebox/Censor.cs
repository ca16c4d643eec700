using System.Net;
using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Interference;
using ProbeNet.Lab.Resolvers;

namespace ProbeNet.Lab.Middlebox;

/// <summary>Everything at one router that can interfere: an ISP's, or the gateway's.</summary>
sealed class Censor : IDisposable
{
    readonly Firewall _firewall;
    readonly StreamBox _streams;
    readonly QuestionBox _questions;
    readonly FalseServer _server;
    readonly ClearProxy _proxy;

    /// <param name="resolver">Null where there is none.</param>
    /// <param name="find">Where a name's server is.</param>
    public Censor(Host router, IspResolver? resolver, Lures lures, Func<string, IPAddress?> find)
    {
        (Resolver, Lures) = (resolver, lures);
        _firewall = new Firewall(router);
        var sender = new Sender(router);
        _streams = new StreamBox(router, _firewall, sender);
        _questions = new QuestionBox(router, sender);
        _server = new FalseServer(router);
        _proxy = new ClearProxy(router, find);
    }

    public IspResolver? Resolver { get; }

    public Lures Lures { get; }

    public void Apply(IReadOnlyCollection<IInterference> interference)
    {
        _firewall.Apply(interference.OfType<IAddressInterference>(), interference.OfType<IServerInterference>());
        _streams.Apply([.. interference.OfType<IStreamInterference>()]);
        _questions.Apply([.. interference.OfType<IQuestionInterference>()]);
    }

    public void Dispose()
    {
        _server.Dispose();
        _proxy.Dispose();
    }
}
