using System.CommandLine;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Service.Output;
using ProbeNet.Agent.Service.Texts;

namespace ProbeNet.Agent.Service.Commands;

static class ConsentCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var show = new Option<bool>("--show") { Description = "Shows the text that was agreed to, and the choices." };
        var set = new Option<string?>("--set") { Description = "Category codes that may be measured, separated by commas, as NEWS,HUMR; 'default' for the usual ones." };
        var refuse = new Option<string[]>("--refuse") { Description = "A domain that is never measured, with everything below it." };
        var localisation = Switch("--localisation", "Tests that find where on the path a block sits; off until turned on.");
        var tasks = Switch("--tasks", "Pages of the list that the collector asks for out of turn.");
        var json = new Option<bool>("--json") { Description = "Prints JSON." };
        var command = new Command("consent", "The volunteer's choices. They stay on this machine.") { show, set, refuse, localisation, tasks, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(set) is { } categories && ReadCategories(categories) is null)
                result.AddError($"'{categories}' is no list of category codes: letters, separated by commas.");
            foreach (var domain in result.GetValue(refuse) ?? [])
            {
                if (ReadDomain(domain) is null)
                    result.AddError($"'{domain}' is no domain.");
            }
        });
        command.SetAction(parsed =>
        {
            using var services = AgentServices.Build(surroundings);
            var file = services.GetRequiredService<StateFile<Consent>>();
            var before = file.Current ?? throw new CommandFailure("nothing was agreed to yet: run 'probenet-agent enroll'.");
            var consent = before.Clone();
            if (parsed.GetValue(set) is { } categories)
            {
                consent.Categories.Clear();
                consent.Categories.Add(ReadCategories(categories));
            }
            foreach (var domain in parsed.GetValue(refuse) ?? [])
            {
                if (ReadDomain(domain) is { } host && !consent.Refused.Contains(host))
                    consent.Refused.Add(host);
            }
            consent.Localisation = parsed.GetValue(localisation) is { } local ? local == "on" : consent.Localisation;
            consent.Tasks = parsed.GetValue(tasks) is { } asked ? asked == "on" : consent.Tasks;
            if (!consent.Equals(before))
                file.Save(consent);
            if (parsed.GetValue(show) && !parsed.GetValue(json))
                surroundings.Output.WriteLine(ConsentText.In(consent.Language).Body);
            Listing.Write(surroundings, parsed.GetValue(json), ConsentView.Of(consent), AgentJson.Default.ConsentView, view => view.Rows());
            return 0;
        });
        return command;
    }

    static Option<string?> Switch(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description + " on or off." };
        option.AcceptOnlyFromAmong("on", "off");
        return option;
    }

    internal static IReadOnlyList<string>? ReadCategories(string text)
    {
        if (text.Equals("default", StringComparison.OrdinalIgnoreCase))
            return Consent.DefaultCategories;
        string[] codes = [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(code => code.ToUpperInvariant()).Distinct()];
        return codes.Length > 0 && codes.All(code => code.Length <= 8 && code.All(char.IsAsciiLetterOrDigit)) ? codes : null;
    }

    /// <returns>Lower case, in its ASCII form; null when it is no domain.</returns>
    internal static string? ReadDomain(string text)
    {
        var input = text.Contains("://", StringComparison.Ordinal) ? text : $"https://{text}";
        return Uri.TryCreate(input, UriKind.Absolute, out var url) && url.HostNameType == UriHostNameType.Dns
            && url.IdnHost.Contains('.', StringComparison.Ordinal)
            ? url.IdnHost.TrimEnd('.').ToLowerInvariant()
            : null;
    }
}
