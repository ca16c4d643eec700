using System.Text.RegularExpressions;
using Xunit;

namespace ProbeNet.Conventions.Tests;

public sealed partial class FileTests
{
    static readonly string[] TopLevel =
    [
        "collector", "agent", "protos", "deploy", "tests", "ProbeNet.sln", "README.md", "LICENSE", ".ci", ".gitignore", ".gitattributes",
        ".editorconfig", "global.json", "nuget.config", "Directory.Build.props", "Directory.Packages.props", "BannedSymbols.txt",
    ];

    static IEnumerable<(string File, int Lines)> Sources => Repository.Files
        .Where(file => Path.GetExtension(file) is ".cs" or ".razor" or ".js" or ".mjs" or ".css" or ".proto")
        .Select(file => (file, File.ReadLines(Path.Combine(Repository.Root, file)).Count()));

    [Fact]
    public void The_top_level_holds_what_was_agreed() =>
        Assert.Empty(Repository.Files.Select(file => file.Split('/')[0]).Distinct().Except(TopLevel));

    [Fact]
    public void No_file_is_over_600_lines() =>
        Assert.DoesNotContain(Sources, source => source.Lines > 600);

    [Fact]
    public void Half_of_the_files_are_under_80_lines()
    {
        var lines = Sources.Select(source => source.Lines).Order().ToArray();
        Assert.InRange(lines[lines.Length / 2], 1, 79);
    }

    [Fact]
    public void A_namespace_is_its_folder()
    {
        (string Folder, string Namespace)[] roots =
            [("agent", "ProbeNet.Agent"), ("collector", "ProbeNet.Collector"), ("protos", "ProbeNet.Protos")];
        foreach (var (folder, root) in roots)
        {
            var misplaced = Repository.Files
                .Where(file => file.StartsWith(folder + "/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal) && file.Count(c => c == '/') > 1)
                .Select(file => (file, Expected: root + "." + Path.GetDirectoryName(file)![(folder.Length + 1)..].Replace('/', '.')))
                .Where(pair => Declared(pair.file) is { } declared && declared != pair.Expected);
            Assert.Empty(misplaced);
        }
    }

    [Fact]
    public void Everything_that_documentation_links_to_exists()
    {
        var missing = Repository.Files.Where(file => Path.GetExtension(file) == ".md").SelectMany(page =>
        {
            var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
            return Link().Matches(File.ReadAllText(Path.Combine(Repository.Root, page)))
                .Select(match => match.Groups["target"].Value)
                .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith('#'))
                .Where(target => !Path.Exists(Path.Combine(folder, target.Split('#')[0])))
                .Select(target => $"{page}: {target}");
        });
        Assert.Empty(missing);
    }

    [Fact]
    public void No_lock_file_names_a_registry() =>
        Assert.DoesNotContain(
            Repository.Files.Where(file => Path.GetFileName(file) is "packages.lock.json" or "package-lock.json"),
            file => File.ReadAllText(Path.Combine(Repository.Root, file)).Contains("\"resolved\": \"http", StringComparison.Ordinal));

    static string? Declared(string file) =>
        File.ReadLines(Path.Combine(Repository.Root, file))
            .Select(line => Namespace().Match(line))
            .FirstOrDefault(match => match.Success)?.Groups["name"].Value;

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();
}
