using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Worlds;
using ProbeNet.Collector.Api;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>The analysis over a world file, without a store.</summary>
static class AnalyzeCommand
{
    static readonly JsonSerializerOptions Indented = new(Json.Options) { WriteIndented = true };

    public static Command Create(Surroundings surroundings)
    {
        var world = new Option<FileInfo>("--world") { Description = "A file of observations (JSON Lines; schema in protos/world).", Required = true };
        var json = Listing.JsonOption();
        var command = new Command("analyze", "Runs the analysis over a file of observations, without a store, and prints its cells, its events and how the blocking is organised.") { world, json };
        command.SetAction(parsed =>
        {
            var file = parsed.GetValue(world)!;
            if (!file.Exists)
                throw new CommandFailure($"{file.FullName}: no such file.");
            var analysis = WorldAnalysis.Of(Read(file), CellRules.Default);
            if (parsed.GetValue(json))
                surroundings.Output.WriteLine(JsonSerializer.Serialize(View(analysis, surroundings.Time), Indented));
            else
                AnalysisText.Write(surroundings.Output, analysis);
            return 0;
        });
        return command;
    }

    static World Read(FileInfo file)
    {
        try
        {
            return WorldReader.Read(File.ReadLines(file.FullName));
        }
        catch (InvalidDataException e)
        {
            throw new CommandFailure($"{file.Name}, {e.Message}");
        }
    }

    static object View(WorldAnalysis analysis, TimeProvider time)
    {
        // Who has the file sees all of it.
        var publication = new Publication(Options.Create(new PublicationOptions()), time);
        var caller = new Caller(ApiRole.Operator, null);
        return new
        {
            Cells = analysis.Cells.Select(c => publication.View(c, caller)),
            Events = analysis.Events.Select(e => publication.View(e.Event, caller)! with { Attribution = e.Organisation is { } said ? TargetVerdictView.Of(said) : null }),
            Attribution = AttributionView.Of(analysis.Attribution, publication.View(analysis.Moves, caller), analysis.Window.End),
        };
    }
}
