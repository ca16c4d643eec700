using System.CommandLine;

return await new RootCommand("Measures which sites are blocked on this network.").Parse(args).InvokeAsync();
