using System.Globalization;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Protos.Tests;

static class Some
{
    internal static SealedMeasurement[] Measurements(int count) =>
        [.. Enumerable.Range(0, count).Select(n => BatchSealer.Wrap(FactsOf(n), CircumstanceOf(n)))];

    internal static Facts FactsOf(int n) => new()
    {
        Input = string.Create(CultureInfo.InvariantCulture, $"https://site{n}.example/"),
        TestName = "web",
        TestVersion = "1",
        Tcp = { new TcpConnect { Port = 443, Failure = n % 2 == 0 ? FailureCodes.None : FailureCodes.GenericTimeout } },
    };

    internal static Circumstance CircumstanceOf(int n) => new()
    {
        Time = 1_700_000_400 + (n * 600),
        TimeGrain = 600,
        List = "kh",
        ListVersion = 3,
        Reason = Reason.Scheduled,
        Cc = "KH",
    };
}
