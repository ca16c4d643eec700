using System.CommandLine;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Service.Output;
using ProbeNet.Agent.Service.Texts;
using ProbeNet.Agent.Uplink;
using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Agent.Service.Commands;

static class EnrollCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var invite = new Argument<string?>("INVITE")
        {
            Description = "The invite, as it was given to you. Without it, it is asked for or read from standard input: what stands in a command line, others on the machine can see.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var accept = new Option<bool>("--accept-risks") { Description = "Says yes to both questions, for the default categories only." };
        var language = new Option<string?>("--language") { Description = "Language of the text: en or km." };
        language.AcceptOnlyFromAmong([.. ConsentText.Languages]);
        var command = new Command("enroll", "Shows what the agent does and who can see it, asks two questions, and joins a collector.") { invite, accept, language };
        command.SetAction(async (parsed, ct) =>
        {
            await using var services = AgentServices.Build(surroundings);
            var text = parsed.GetValue(invite) ?? ReadInvite(surroundings);
            if (!InviteText.TryRead(text, out _))
                throw new CommandFailure("the invite is altered or incomplete: copy all of it.");
            var consent = new ConsentDialogue(surroundings).Hold(parsed.GetValue(language), parsed.GetValue(accept));
            var saved = services.GetRequiredService<StateFile<Consent>>();
            var chosen = saved.Current;
            if (chosen is not null)
            {
                // Joining again undoes no choice that was made before.
                (consent.Localisation, consent.Tasks) = (chosen.Localisation, chosen.Tasks);
                consent.Refused.Add(chosen.Refused);
                consent.Categories.Clear();
                consent.Categories.Add(chosen.Categories);
            }
            var end = await Progress.WhileAsync(
                surroundings, "Joining", services.GetRequiredService<EnrollmentClient>().RedeemAsync(text, ct));
            if (end.Result != ContactResult.Done)
                throw new CommandFailure(Contact.Describe(end));
            saved.Save(consent);
            surroundings.Output.WriteLine("Joined. The agent measures as soon as its service runs and the first list has come. See: probenet-agent status");
            return 0;
        });
        return command;
    }

    static string ReadInvite(Surroundings surroundings)
    {
        if (surroundings.CanAsk)
        {
            surroundings.Output.Write("Invite: ");
            surroundings.Output.Flush();
        }
        return surroundings.Input.ReadLine() ?? throw new CommandFailure("no invite was given: type it, or pass it on standard input.");
    }
}
