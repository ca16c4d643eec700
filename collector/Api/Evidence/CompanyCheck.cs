using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>What stands beside the facts: certificates that they name, and what controls saw.</summary>
static class CompanyCheck
{
    public static void Run(BundleArchive archive, Facts? facts, Claims claims)
    {
        CheckAttachments(archive, facts, claims);
        CheckControls(archive, claims);
    }

    static void CheckAttachments(BundleArchive archive, Facts? facts, Claims claims)
    {
        var named = (facts?.Tls ?? []).SelectMany(handshake => handshake.Chain).Select(hash => Convert.ToHexStringLower(hash.Span)).ToHashSet(StringComparer.Ordinal);
        var here = archive.Files.Where(file => file.Key.StartsWith(BundleFile.AttachmentFolder, StringComparison.Ordinal)).OrderBy(file => file.Key, StringComparer.Ordinal).ToList();
        foreach (var (name, bytes) in here)
            if (!named.Contains(Path.GetFileNameWithoutExtension(name)))
                claims.False($"{name} is a certificate that the facts do not name.");
            else if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != Path.GetFileNameWithoutExtension(name))
                claims.False($"{name} is another certificate than its name says.");
        if (named.Count > 0)
            claims.Add(here.Count == named.Count ? Strength.Proven : Strength.Missing, $"{here.Count} of the {named.Count} certificates that the facts name are here.");
    }

    static void CheckControls(BundleArchive archive, Claims claims)
    {
        var named = archive.Index.Controls;
        foreach (var control in named)
            Check(archive, control, claims);
        var expected = named.SelectMany(control => new[] { BundleFile.Control(control.Uid), BundleFile.ReadableControl(control.Uid) });
        foreach (var name in archive.Files.Keys.Where(name => name.StartsWith(BundleFile.ControlFolder, StringComparison.Ordinal)).Except(expected).Order(StringComparer.Ordinal))
            claims.False($"{name} is a control that the bundle does not name.");
        claims.Add(Strength.CollectorsWord, $"What {named.Count} measurements of controls in {named.Select(control => control.Asn).Distinct().Count()} networks saw of the same site on that day, the day before and the day after.");
        if (!archive.Index.AllControls)
            claims.Add(Strength.Missing, "Other control measurements of those days: there were more than a bundle takes.");
    }

    static void Check(BundleArchive archive, BundleControl control, Claims claims)
    {
        if (archive.Message(SealedMeasurement.Parser, BundleFile.Control(control.Uid)) is not { } measurement)
            claims.False($"The control {control.Uid} is named and not here.");
        else if (BundleArchive.Parse(Circumstance.Parser, measurement.Circumstance) is not { } circumstance || Math.Abs(circumstance.Time) > uint.MaxValue
            || MeasurementUid.Of(circumstance.Time, Leaf.Hash(measurement)) != control.Uid)
            claims.False($"The control {control.Uid} has other bytes than its identifier was made of.");
        else if (!MeasurementCheck.SameAs(archive, BundleFile.ReadableControl(control.Uid), () => JsonNode.Parse(EvidenceBundle.ReadableControl(measurement))!))
            claims.False($"The control {control.Uid} reads differently than its bytes.");
    }
}
