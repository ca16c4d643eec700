# Sites that were blocked, by day and provider, from files that were fetched before: Rscript blocked.R cells-*.csv.gz
# Needs R and nothing else.
files <- commandArgs(trailingOnly = TRUE)
cells <- do.call(rbind, lapply(files, function(file) read.csv(gzfile(file, encoding = "UTF-8"), stringsAsFactors = FALSE)))
cells$day <- substr(cells$since, 1, 10)
blocked <- cells[cells$state %in% c("blocked", "likely_blocked"), ]
table <- if (nrow(blocked) > 0) aggregate(list(blocked = blocked$domain), blocked[c("day", "asn", "isp")], length) else
  data.frame(day = character(), asn = integer(), isp = character(), blocked = integer())
write.csv(table[order(table$day, table$asn), ], quote = FALSE, row.names = FALSE)
