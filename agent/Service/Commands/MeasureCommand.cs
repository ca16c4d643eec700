using System.CommandLine;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Service.Output;
using ProbeNet.Agent.Service.Texts;
using ProbeNet.Agent.TestLists;

namespace ProbeNet.Agent.Service.Commands;

static class MeasureCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var inputs = new Argument<string[]>("INPUT") { Description = "Pages to measure, as https://example.org/.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "Prints each measurement as a line of JSON." };
        var accept = new Option<bool>("--accept-risks") { Description = "The first time: says yes to both questions." };
        var language = new Option<string?>("--language") { Description = "Language of the text the first time: en or km." };
        language.AcceptOnlyFromAmong([.. ConsentText.Languages]);
        var cost = new Option<bool>("--cost") { Description = "Prints at the end what a measurement cost: bytes, packets, seconds, processor time; and a day of them." };
        var command = new Command("measure", "Measures now, prints what happened, sends nothing.") { inputs, json, accept, language, cost };
        command.Validators.Add(result =>
        {
            foreach (var input in result.GetValue(inputs) ?? [])
            {
                if (!WebMeasurement.TryReadInput(input, out _))
                    result.AddError($"'{input}' is no page that can be measured: http or https, port 80 or 443.");
            }
        });
        command.SetAction(async (parsed, ct) =>
        {
            await using var services = AgentServices.Build(surroundings);
            var file = services.GetRequiredService<StateFile<Consent>>();
            if (file.Current is null)
            {
                // The text goes where a program that reads the JSON does not look.
                var shown = parsed.GetValue(json) ? surroundings with { Output = surroundings.Error } : surroundings;
                file.Save(new ConsentDialogue(shown).Hold(parsed.GetValue(language), parsed.GetValue(accept)));
            }
            var single = services.GetRequiredService<SingleMeasurement>();
            var list = services.GetRequiredService<TestListStore>().Current;
            var meter = new CostMeter(services.GetRequiredService<TrafficMeter>(), surroundings.Time);
            foreach (var input in parsed.GetValue(inputs) ?? [])
            {
                meter.Count();
                var observed = await Progress.WhileAsync(surroundings, $"Measuring {input}", single.RunAsync(input, list, file.Current, ct))
                    ?? throw new CommandFailure($"{input}: the measurement held something of this machine that could not be removed; it is not shown.");
                if (parsed.GetValue(json))
                    surroundings.Output.WriteLine(FactsJson.Write(observed.Facts));
                else
                    FactsText.Write(surroundings.Output, observed.Facts);
            }
            if (parsed.GetValue(cost))
                surroundings.Output.WriteLine(meter.Report(services.GetRequiredService<ScheduleOptions>(), list, parsed.GetValue(json)));
            return 0;
        });
        return command;
    }
}
