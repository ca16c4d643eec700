using System.CommandLine;

namespace ProbeNet.Agent.Service.Commands;

/// <summary>The option --service-name, alike wherever it stands: the owner's choice, and no disguise.</summary>
static class ServiceNameOption
{
    public const string Default = "probenet-agent";

    const int Longest = 64;

    public static Option<string> Create()
    {
        var option = new Option<string>("--service-name") { Description = "The name of the service.", DefaultValueFactory = _ => Default };
        option.Validators.Add(result =>
        {
            var name = result.GetValueOrDefault<string>();
            if (name.Length is 0 or > Longest || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || name[0] == '-')
                result.AddError($"'{name}' is no name of a service: letters, digits, '-' and '_'.");
        });
        return option;
    }
}
