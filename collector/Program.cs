using System.CommandLine;

return await new RootCommand("Collects measurements and compares providers.").Parse(args).InvokeAsync();
