namespace ProbeNet.Collector.Service;

/// <summary>Which parts of the collector a process runs.</summary>
[Flags]
enum Roles
{
    None = 0,
    Intake = 1,
    Writer = 2,
    Analysis = 4,
    Web = 8,
    All = Intake | Writer | Analysis | Web,
}
