namespace ProbeNet.Collector.Analysis.Attribution;

/// <summary>Where on the path the providers' blocking is.</summary>
/// <param name="Located">Providers whose blocking was located.</param>
/// <param name="Own">Of them, inside the provider's own network.</param>
/// <param name="Common">Of them, in the network that most share; with that network's own.</param>
/// <param name="InPath">Providers where an address that runs no resolver answered for the name, or every resolver is answered in the path.</param>
sealed record PlaceAgreement(int Located, int Own, int Common, long? CommonAsn, int InPath, int AtResolver, Hypotheses Likelihood)
{
    public static PlaceAgreement Of(IReadOnlyList<IspColumn> isps)
    {
        var places = isps.Where(i => i.Place is not null).Select(i => (i.Asn, Place: i.Place!.Value)).ToArray();
        var foreign = places.Where(p => p.Place != p.Asn).GroupBy(p => p.Place).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).FirstOrDefault();
        // Two share a transit now and then; three that are filtered in one foreign network are more.
        var commonAsn = foreign is not null && foreign.Count() >= 2 ? foreign.Key : (long?)null;
        var common = commonAsn is null ? 0 : places.Count(p => p.Place == commonAsn);
        var own = places.Count(p => p.Place == p.Asn && p.Place != commonAsn);
        var other = places.Length - common - own;
        var inPath = isps.Count(i => i.InPath == true);
        var atResolver = isps.Count(i => i.InPath == false);
        // Shares of located providers under each explanation (analysis 4.4b), and of in-path against resolver's answers.
        static double Of(int common, int own, int other, double c, double o, double x) => common * Math.Log(c) + own * Math.Log(o) + other * Math.Log(x);
        double Answers(double path) => inPath * Math.Log(path) + atResolver * Math.Log(1 - path);
        return new(places.Length, own, common, commonAsn, inPath, atResolver, new(
            Of(common, own, other, 0.05, 0.85, 0.10) + Answers(0.2),
            Of(common, own, other, 0.08, 0.80, 0.12) + Answers(0.2),
            Of(common, own, other, 0.05, 0.85, 0.10) + Answers(0.7),
            Of(common, own, other, 0.85, 0.05, 0.10) + Answers(0.7)));
    }
}
