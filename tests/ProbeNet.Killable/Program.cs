using ProbeNet.Killable;
using ProbeNet.Killable.Agent;
using ProbeNet.Killable.Collector;

// The real agent and the real collector, each with windows in which it dies.
return args switch
{
    ["agent", var state, var produced] => await KillableAgent.RunAsync(state, produced, new KillWindow()),
    ["collector", .. var settings] => await KillableCollector.RunAsync(settings, new KillWindow()),
    _ => 2,
};
