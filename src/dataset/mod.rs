//! Files → samples: labelled data sets, how samples become spikes, and how activity becomes an answer.
